using System.Collections.Immutable;
using BackupDistribuido.Core.Peers;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Core.Wire;
using BackupDistribuido.Streams.Buffers;

namespace BackupDistribuido.Streams.Links;

/// <summary>
/// Pages in the form of a link's version, where they came over one of the other version: with their digest, or without.
/// All other frames are the same bytes in both.
/// </summary>
internal static class PageForm
{
    /// <summary>The same frames; what is returned stands for the parcel, which this takes over.</summary>
    public static IEnumerable<Parcel> Of(Parcel parcel, LinkProfile profile, BufferPool pool) =>
        parcel.Frames.Any(slice => IsOther(slice.Frame, profile)) ? Translate(parcel, profile, pool) : [parcel];

    private static bool IsOther(Frame frame, LinkProfile profile) =>
        frame is PageFrame page && page.Digest is null == profile.Version >= 2;

    private static List<Parcel> Translate(Parcel parcel, LinkProfile profile, BufferPool pool)
    {
        var parcels = new List<Parcel>();
        var same = ImmutableArray.CreateBuilder<FrameSlice>();
        foreach (var slice in parcel.Frames)
        {
            if (!IsOther(slice.Frame, profile))
            {
                same.Add(slice);
                continue;
            }
            if (same.Count > 0) parcels.Add(parcel.Select(same.DrainToImmutable()));
            var lines = parcel.Payload(slice).Span;
            using var page = new ParcelBuilder(pool);
            var digest = profile.Version >= 2 ? Sha256Digest.Of(lines) : (Sha256Digest?)null;
            page.Append((PageFrame)slice.Frame with { Digest = digest }, lines);
            parcels.Add(page.Take()!);
        }
        if (same.Count > 0) parcels.Add(parcel.Select(same.DrainToImmutable()));
        parcel.Release();
        return parcels;
    }
}
