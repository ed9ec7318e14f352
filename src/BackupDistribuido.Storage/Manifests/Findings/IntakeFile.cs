using System.Globalization;
using System.Text;
using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Verifying;
using BackupDistribuido.Storage.Layout;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Manifests.Findings;

/// <summary>The stored intake of a replica, and its time (UTC, whole seconds).</summary>
internal sealed record KeptIntake(ReplicaIntake Intake, DateTimeOffset Stored)
{
    /// <summary>The oldest last read of its files; null if unknown.</summary>
    public DateTimeOffset? OldestRead => Intake.LinkedFiles == 0 ? Stored : Intake.LastRead;
}

/// <summary>
/// <c>manifests/ID.intake</c>: where this destination's replica came from, in one line, <c>stored TIME received FILES
/// BYTES linked FILES BYTES read TIME</c>, with <c>-</c> for an unknown time. Snapshots stored by an older version have
/// none.
/// </summary>
internal static class IntakeFile
{
    public const string Extension = ".intake";

    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    public static byte[] Name(SnapshotId id) => Encoding.ASCII.GetBytes($"{id}{Extension}");

    /// <summary>Writes it durably, by way of <paramref name="scratch"/>; fsyncing <c>manifests</c> is the
    /// caller's.</summary>
    /// <exception cref="PosixException">A call failed.</exception>
    public static void Write(OriginFolder folder, SnapshotId id, KeptIntake kept, Descriptor scratch) =>
        SmallFile.Replace(scratch, folder.Manifests, Name(id), Format(kept), folder.Durability,
            $"{folder.Path}/manifests/{id}{Extension}");

    /// <summary>Reads it; null if there is none, or it can't be read.</summary>
    public static KeptIntake? Read(Descriptor manifests, SnapshotId id) =>
        SmallFile.Read(manifests, Name(id), out var text) == Errno.None ? Parse(text) : null;

    /// <summary>The oldest time at which a file of a published snapshot was last read or received; null if
    /// unknown.</summary>
    public static DateTimeOffset? OldestRead(OriginFolder folder, SnapshotId id)
    {
        var came = Read(folder.Manifests, id)?.OldestRead;
        var read = VerificationFile.Read(folder.Manifests, id)?.Verdict is Verification.Sound { Unread: 0 } sound
            ? sound.Time : (DateTimeOffset?)null;
        return came > read ? came : read ?? came;
    }

    internal static string Format(KeptIntake kept) => string.Create(CultureInfo.InvariantCulture,
        $"stored {Time(kept.Stored)} received {kept.Intake.ReceivedFiles} {kept.Intake.ReceivedBytes} linked "
        + $"{kept.Intake.LinkedFiles} {kept.Intake.LinkedBytes} read {Time(kept.Intake.LastRead)}");

    internal static KeptIntake? Parse(string text)
    {
        if (text.Split(' ') is not ["stored", var stored, "received", var files, var bytes, "linked", var linked,
            var shared, "read", var read]) return null;
        if (Time(stored) is not { } time || Number(files) is not { } a || Number(bytes) is not { } b
            || Number(linked) is not { } c || Number(shared) is not { } d) return null;
        var kept = new KeptIntake(new ReplicaIntake(a, b, c, d, Time(read)), time);
        return Format(kept) == text ? kept : null;
    }

    private static string Time(DateTimeOffset? time) => time?.ToString(TimeFormat, CultureInfo.InvariantCulture) ?? "-";

    private static DateTimeOffset? Time(string text) =>
        DateTimeOffset.TryParseExact(text, TimeFormat, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;

    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
