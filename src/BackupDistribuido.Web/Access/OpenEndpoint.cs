namespace BackupDistribuido.Web.Access;

/// <summary>Metadata of an endpoint that needs no session: it reveals no names and changes nothing.</summary>
public sealed record OpenEndpoint;
