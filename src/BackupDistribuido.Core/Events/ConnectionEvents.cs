using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;

namespace BackupDistribuido.Core.Events;

/// <summary>Any node that listens: where.</summary>
public sealed record Listening(string What, NodeAddress Address) : NodeEvent;

/// <summary>Origin or destination: registered with the coordinator.</summary>
public sealed record Connected(NodeAddress Coordinator) : NodeEvent;

/// <summary>Origin or destination: the coordinator does not answer. Reported within 5 s, and the node keeps
/// trying.</summary>
public sealed record Disconnected(NodeAddress Coordinator, Reason Reason) : NodeEvent;

/// <summary>Coordinator: a node registered. <paramref name="Connected"/> is the number of destinations now.</summary>
public sealed record NodeJoined(NodeRole Role, NodeName Name, int Connected) : NodeEvent;

/// <summary>Coordinator: a node left, died, hung or was cut off.</summary>
/// <param name="TookLeave">It said so itself; otherwise it was lost.</param>
public sealed record NodeLeft(NodeRole Role, NodeName Name, Reason Reason, int Connected, bool TookLeave = false)
    : NodeEvent;

/// <summary>Origin: the connected count, at every change. <paramref name="Eligible"/> are those able to hold the
/// tree.</summary>
public sealed record DestinationsChanged(int Connected, int Eligible, int Required) : NodeEvent;

/// <summary>Any node: its pages are available. The address contains their token: it is for the owner only, and goes
/// into no log.</summary>
public sealed record PagesOpened(string Url) : NodeEvent;

/// <summary>Any node: something its owner should know and can act on; it is also logged.</summary>
public sealed record Warned(Reason Message) : NodeEvent;

/// <summary>Events of a node and its connections.</summary>
internal static class ConnectionEvents
{
    public static readonly EventDescriptor[] All =
    [
        new EventDescriptor<Listening>("listening", (e, to) =>
        {
            to.Text("what", e.What);
            to.Text("address", e.Address);
        }),
        new EventDescriptor<Connected>("connected", (e, to) => to.Text("coordinator", e.Coordinator)),
        new EventDescriptor<Disconnected>("disconnected", (e, to) =>
        {
            to.Text("coordinator", e.Coordinator);
            to.Reason("reason", e.Reason);
        })
        {
            Severity = Severity.Warning,
        },
        new EventDescriptor<NodeJoined>("joined", (e, to) =>
        {
            to.Text("role", e.Role.Code());
            to.Text("name", e.Name);
            to.Number("connected", e.Connected);
        })
        {
            Form = e => e.Role == NodeRole.Destination ? "destination" : "",
        },
        new EventDescriptor<NodeLeft>("left", (e, to) =>
        {
            to.Text("role", e.Role.Code());
            to.Text("name", e.Name);
            to.Reason("reason", e.Reason);
            to.Number("connected", e.Connected);
        })
        {
            Form = e => e.Role == NodeRole.Destination ? "destination" : "",
            Notice = e => e is { Role: NodeRole.Destination, TookLeave: false } ? NoticeKind.DestinationLost : null,
        },
        new EventDescriptor<DestinationsChanged>("destinations", (e, to) =>
        {
            to.Number("connected", e.Connected);
            to.Number("required", e.Required);
            to.ForText("eligible", e.Eligible);
        })
        {
            Form = e => e.Eligible < e.Connected ? "unable" : "",
        },
        new EventDescriptor<PagesOpened>("pages", (e, to) => to.Text("url", e.Url)) { IsKept = false },
        new EventDescriptor<Warned>("warning", (e, to) => to.Reason("message", e.Message))
        {
            Severity = Severity.Warning,
            Notice = _ => NoticeKind.Warning,
        },
    ];
}
