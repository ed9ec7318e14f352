using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Streams.Links;

/// <summary>A link that is up: the child has answered. Whoever gets it owns the connection
/// (<see cref="ParentEnd"/>).</summary>
public sealed record DialedLink(WelcomeFrame Welcome, LinkConnection Connection);
