using System.Net;
using BackupDistribuido.Web.Access;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace BackupDistribuido.Web.Serving;

/// <summary>How a node's pages are served.</summary>
/// <param name="Address">Where they listen; port 0 lets the system choose.</param>
/// <param name="Host">How the address is called where it is shown, and in a request's Host.</param>
/// <param name="Password">Opens the pages; null: only the token in the printed address does, which suffices on loopback
/// only.</param>
/// <param name="Loggers">Gets what goes wrong.</param>
/// <param name="Operators">
/// Maps what programs ask beside the pages (<c>/healthz</c>, <c>/readyz</c>, <c>/metrics</c>); an endpoint that needs
/// no session has <see cref="OpenEndpoint"/> among its metadata.
/// </param>
public sealed record PageSettings(IPEndPoint Address, string Host, PasswordHash? Password, ILoggerFactory Loggers,
    Action<IEndpointRouteBuilder>? Operators = null)
{
    /// <summary>Addresses under which a proxy shows them, which browsers then name as theirs.</summary>
    public IReadOnlyList<Uri> Origins { get; init; } = [];
}
