using BackupDistribuido.Core.Delivery.Needs;
using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Core.Tests.Delivery.Needs;

/// <summary>Frames whose payload does not matter.</summary>
internal static class FrameOnly
{
    public static bool Wants(this BranchNeeds needs, Frame frame) => needs.Wants(frame, []);
}
