namespace BackupDistribuido.Web.Access;

/// <summary>Metadata of an endpoint that anyone who reaches it may ask: it tells no names and changes
/// nothing.</summary>
public sealed record OpenEndpoint;
