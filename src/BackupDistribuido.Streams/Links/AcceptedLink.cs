using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Streams.Links;

/// <summary>A link that a parent made and whose greeting was admitted. Whoever gets it owns the connection and answers
/// with WELCOME (<see cref="ChildEnd"/>).</summary>
public sealed record AcceptedLink(HelloFrame Hello, LinkConnection Connection);
