using BackupDistribuido.Core.Delivery;
using BackupDistribuido.Core.Events;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Trees;
using BackupDistribuido.Web.Components.Views;
using BackupDistribuido.Web.Pages;

namespace BackupDistribuido.Web.Components.Words;

/// <summary>Events as a page tells them. Of what an older version put into the record only the line is known, in
/// English.</summary>
internal static class EventWords
{
    /// <summary>good, bad, warn or plain.</summary>
    public static string Tone(NodeEvent happened) => happened switch
    {
        SnapshotProtected or ReplicaPublished or ReplicaVerified
            or RunFinished { Summary.Outcome: RunOutcome.Protected } => "good",
        RunFinished or ReplicaDamaged or SnapshotAtRisk or Recalled { Kind: "at-risk" or "replica-damaged" } => "bad",
        DestinationLost or Disconnected or RunPaused or SnapshotTooOld or Warned
            or Recalled { Kind: "destination-lost" or "run-paused" or "too-old" or "warning" } => "warn",
        _ => "plain",
    };

    /// <summary>One sentence.</summary>
    public static string Text(NodeEvent happened, View view) => happened switch
    {
        Listening e =>
            view.Say($"Listening ({e.What}) on {e.Address}",
                $"Esperando conexiones de {(e.What == "data" ? "datos" : e.What)} en {e.Address}"),
        Connected e =>
            view.Say($"Connected to the coordinator at {e.Coordinator}",
                $"Conectado al coordinador en {e.Coordinator}"),
        Disconnected e =>
            view.Say($"No coordinator at {e.Coordinator}: {e.Reason}",
                $"Sin coordinador en {e.Coordinator}: {Why(e.Reason, view)}"),
        NodeJoined e =>
            view.Say($"{Role(e.Role, view)} {e.Name} connected; destinations: {e.Connected}",
                $"El {Role(e.Role, view).ToLowerInvariant()} {e.Name} se ha conectado. "
                + $"Destinos conectados: {e.Connected}"),
        NodeLeft e =>
            view.Say($"{Role(e.Role, view)} {e.Name} is gone: {e.Reason}; destinations: {e.Connected}",
                $"El {Role(e.Role, view).ToLowerInvariant()} {e.Name} se ha desconectado: {Why(e.Reason, view)}. "
                + $"Destinos conectados: {e.Connected}"),
        DestinationsChanged e =>
            view.Say($"{e.Connected} of {e.Required} destinations connected",
                $"{e.Connected} de {e.Required} destinos conectados"),
        RunStarted e =>
            view.Say($"Copying {e.Origin} {e.Snapshot} to {Names(e)}, epoch {e.Epoch}",
                $"Copiando {e.Origin} {e.Snapshot} a {Names(e)}, época {e.Epoch}"),
        ReceptionStarted e =>
            view.Say($"Receiving {e.Origin} {e.Snapshot}{Size(e.Tree, view)}",
                $"Recibiendo {e.Origin} {e.Snapshot}{Size(e.Tree, view)}"),
        ReceptionEnded { Problem: { } problem } e =>
            view.Say($"{e.Origin} {e.Snapshot} was not received in full: {problem}",
                $"{e.Origin} {e.Snapshot} no se recibió entera: {Why(problem, view)}"),
        ReceptionEnded e =>
            view.Say($"All of {e.Origin} {e.Snapshot} was received", $"Se recibió {e.Origin} {e.Snapshot} entera"),
        RunPaused e =>
            view.Say($"{e.Origin} {e.Snapshot} is paused: nothing is sent until it goes on",
                $"{e.Origin} {e.Snapshot} está en pausa: no se envía nada hasta que siga"),
        DestinationLost e =>
            view.Say($"{e.Destination} is lost to the run: {e.Reason}",
                $"La ejecución ha perdido el destino {e.Destination}: {Why(e.Reason, view)}"),
        SnapshotsRemoved e =>
            view.Say($"Removed {e.Snapshots.Count} old snapshots of {e.Origin}",
                $"Borradas {e.Snapshots.Count} instantáneas antiguas de {e.Origin}"),
        ReplicaPublished e =>
            view.Say($"The replica of {e.Origin} {e.Snapshot} is stored in {e.Folder}",
                $"La réplica de {e.Origin} {e.Snapshot} está guardada en {e.Folder}"),
        ReplicaResumed e =>
            view.Say($"{e.Kept.Files} files of {e.Origin} {e.Snapshot} were here already",
                $"{e.Kept.Files} ficheros de {e.Origin} {e.Snapshot} ya estaban aquí"),
        ReplicaVerified { Destination: { } where } e =>
            view.Say($"{e.Origin} {e.Snapshot} at {where} is sound again and counts",
                $"{e.Origin} {e.Snapshot} en {where} vuelve a estar sana y cuenta"),
        ReplicaVerified e =>
            view.Say($"Verified {e.Origin} {e.Snapshot}: all of it is right",
                $"Verificada {e.Origin} {e.Snapshot}: todo está bien"),
        ReplicaDamaged e =>
            view.Say(
                $"DAMAGED{(e.Destination is { } at ? $" at {at}" : "")}: {e.Origin} {e.Snapshot}, {e.Found.Entries} "
                + $"wrong, such as {e.Found.First}. It does not count as a copy: run the origin again, and look at the "
                + "disk",
            $"DAÑADA{(e.Destination is { } en ? $" en {en}" : "")}: {e.Origin} {e.Snapshot}, {e.Found.Entries} "
            + $"ficheros dañados, p. ej. {e.Found.First}. No cuenta como copia: ejecuta otra vez el origen y revisa el "
            + "disco"),
        ReplicaCounted e =>
            view.Say($"{e.Destination} has stored {e.Snapshot}: {e.Copies} of {e.Required} copies",
                $"{e.Destination} ha guardado {e.Snapshot}: {e.Copies} de {e.Required} copias"),
        SnapshotProtected e =>
            view.Say($"{e.Origin} {e.Snapshot} is PROTECTED {e.Copies}/{e.Required}",
                $"{e.Origin} {e.Snapshot} está PROTEGIDA {e.Copies}/{e.Required}"),
        RunFinished e => Finished(e, view),
        SnapshotAtRisk e =>
            view.Say(
                $"AT RISK: {e.Origin} {e.Snapshot} has {e.Copies} of {e.Required} copies, and nobody is copying it",
                    $"EN RIESGO: {e.Origin} {e.Snapshot} tiene {e.Copies} de {e.Required} copias, y nadie la está "
                    + "copiando"),
        SnapshotTooOld e =>
            view.Say(
                $"TOO OLD: the newest protected snapshot of {e.Origin}, {e.Snapshot}, is from "
                + $"{Figures.Span(e.Age)} ago",
                $"DEMASIADO ANTIGUA: la última instantánea protegida de {e.Origin}, {e.Snapshot}, es de hace "
                + Figures.Span(e.Age)),
        Recalled e => e.Text,
        Warned e => Why(e.Message, view),
        _ => happened.ToString(),
    };

    private static string Why(Reason reason, View view) => ReasonTexts.Of(reason, view.Language);

    private static string Finished(RunFinished e, View view) => e.Summary.Outcome switch
    {
        RunOutcome.Protected =>
            view.Say(
                $"The run of {e.Origin} is over: protected {e.Summary.Copies}/{e.Summary.Required}"
                + Outcomes.Disks(e.Summary, view),
                $"Terminó la ejecución de {e.Origin}: protegida {e.Summary.Copies}/{e.Summary.Required}"
                + Outcomes.Disks(e.Summary, view)),
        RunOutcome.AtRisk =>
            view.Say(
                $"The run of {e.Origin} is over: AT RISK {e.Summary.Copies}/{e.Summary.Required}. {e.Summary.Reason}",
                    $"Terminó la ejecución de {e.Origin}: EN RIESGO {e.Summary.Copies}/{e.Summary.Required}. "
                    + $"{Why(e.Summary.Reason, view)}"),
        _ => view.Say($"The run of {e.Origin} FAILED. {e.Summary.Reason}",
            $"FALLÓ la ejecución de {e.Origin}. {Why(e.Summary.Reason, view)}"),
    };

    private static string Size(TreeTotals? tree, View view) => tree is { } of
        ? view.Say($": {Figures.Number(of.Files, view.Language)} files, {Figures.Bytes(of.Bytes, view.Language)}",
            $": {Figures.Number(of.Files, view.Language)} ficheros, {Figures.Bytes(of.Bytes, view.Language)}") : "";

    private static string Names(RunStarted e) =>
        string.Join(", ", e.Destinations.Take(8)) + (e.Destinations.Count > 8 ? $" … ({e.Destinations.Count})" : "");

    private static string Role(NodeRole role, View view) => role switch
    {
        NodeRole.Origin => view.Say("Origin", "Origen"),
        NodeRole.Destination => view.Say("Destination", "Destino"),
        _ => view.Say("Coordinator", "Coordinador"),
    };
}
