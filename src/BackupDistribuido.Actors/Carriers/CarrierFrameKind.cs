namespace BackupDistribuido.Actors.Carriers;

/// <summary>What a <see cref="CarrierFrame"/> says.</summary>
internal enum CarrierFrameKind : byte
{
    /// <summary>A new association begins.</summary>
    Open = 1,

    /// <summary>One PDU of Akka's for an association.</summary>
    Data = 2,

    /// <summary>An association ends.</summary>
    Close = 3,

    /// <summary>Nothing but that the sender lives.</summary>
    Alive = 4,
}
