namespace BackupDistribuido.Web.Components.Parts;

/// <summary>The part of <see cref="ReasonTable"/> that is about a coordinator's record, and those whom it tells of
/// events.</summary>
internal static class CoordinatorReasons
{
    /// <inheritdoc cref="ReasonTable.Rows"/>
    public static readonly (string English, string Spanish)[] Rows =
    [
        ("The coordinator's record does not have the replica of {0} {1} at {2}, which counts all the same: {3}",
            "El registro del coordinador no tiene la réplica de {0} {1} en {2}, que cuenta igualmente: {3}"),
        ("it has not answered for {0} s; its disk may hang",
            "no ha respondido en {0} s; puede que su disco no responda"),
        ("the coordinator stopped the run for a defect of its own; its log says which",
            "el coordinador detuvo la ejecución por un defecto suyo; su registro de mensajes dice cuál"),
        ("the coordinator's record can't be written: {0}; runs and events are missing in it until it can; copies count "
            + "all the same",
            "no se puede escribir el registro del coordinador: {0}; hasta que se pueda faltarán en él ejecuciones y sucesos; las copias cuentan igualmente"),
        ("the coordinator's record {0} is damaged ({1}): it was renamed to {2}, and a new one is begun; copies are not "
            + "affected, and destinations say again what they have",
            "el registro del coordinador {0} está dañado ({1}): ahora se llama {2}, y se empieza uno nuevo; las copias no se ven afectadas, y los destinos vuelven a decir qué tienen"),
        ("{0} runs with fsync = off: what it says is durable is lost with its power",
            "{0} funciona con fsync = off: lo que da por duradero se pierde si se queda sin corriente"),
        ("too many entries are waiting for the disk", "hay demasiadas anotaciones esperando al disco"),
        ("the record is closed", "el registro está cerrado"),
        ("the record can't be read: {0}", "no se puede leer el registro: {0}"),
        ("the record can't be written: {0}", "no se puede escribir el registro: {0}"),
        ("another coordinator keeps its record in {0}", "otro coordinador lleva su registro en {0}"),
        ("{0} can't be opened: {1}", "no se puede abrir {0}: {1}"),
        ("{0} can't be used: {1}", "no se puede usar {0}: {1}"),
        ("{0}: it can't be written", "{0}: no se puede escribir"),
        ("SQLite's library libe_sqlite3.so is not beside the program; copy it there too",
            "la biblioteca de SQLite libe_sqlite3.so no está junto al programa; cópiala también"),
        ("{0} is not told of some events: {1} are waiting for it already",
            "{0} no se entera de algunos sucesos: ya hay {1} esperándolo"),
        ("{0} was not told of {1}: {2} ({3} attempt)", "{0} no se enteró de {1}: {2} ({3} intento)"),
        ("{0} was not told of {1}: {2} ({3} attempts)", "{0} no se enteró de {1}: {2} ({3} intentos)"),
        ("the coordinator ends", "el coordinador termina"),
        ("it answered {0}", "respondió {0}"),
        ("it exited with {0}: {1}", "acabó con el código {0}: {1}"),
        ("it exited with {0}", "acabó con el código {0}"),
        ("Bringing others to snapshot {0} of {1} was stopped by a defect of the coordinator; it is tried again in {2} s, and its log says which",
            "Llevar a otros la instantánea {0} de {1} se interrumpió por un defecto del coordinador; se intentará de nuevo en {2} s, y su registro dice cuál"),
    ];
}
