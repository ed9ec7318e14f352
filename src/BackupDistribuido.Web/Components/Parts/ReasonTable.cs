using System.Net.Sockets;

namespace BackupDistribuido.Web.Components.Parts;

/// <summary>The sentences that nodes make, and what they are in Spanish. A test compares them with the sources: none is lacking, and none is left over.</summary>
internal static class ReasonTable
{
    /// <summary>Kinds of things that a file system can't hold.</summary>
    public static readonly IReadOnlyDictionary<string, string> Kinds = new Dictionary<string, string>
    {
        ["symbolic links"] = "enlaces simbólicos",
        ["special files"] = "ficheros especiales",
        ["hard links"] = "enlaces duros",
        ["owners"] = "propietarios",
        ["modes"] = "permisos",
        ["extended attributes"] = "atributos extendidos",
        ["exact times"] = "fechas exactas",
    };

    /// <summary>The first that fits counts: what is said with less around it comes last.</summary>
    public static readonly (string English, string Spanish)[] Rows =
    [
        // Who is gone, and why a run lost it.
        ("it left", "se despidió"),
        ("it ended", "terminó"),
        ("it is not heard any more", "ya no da señales"),
        ("it was started again", "se ha arrancado de nuevo"),
        ("it did not get ready within {0} s", "no estuvo listo en {0} s"),
        ("it read nothing more of what it had staged for {0} s", "no leyó nada más de lo que tenía a medias en {0} s"),
        ("its replica was read again and is damaged", "su réplica se ha releído y está dañada"),
        ("its replica is stored, but does not count: {0}", "su réplica está guardada, pero no cuenta: {0}"),
        ("its manifest differs from the origin's", "su manifiesto no es el del origen"),
        ("without {0}", "sin {0:kinds}"),
        ("{0}/s reach it, and the others could do {1}/s", "le llegan {0}/s, y los demás podrían con {1}/s"),

        // Why a run ended.
        ("the origin did not come back", "el origen no volvió"),
        ("the origin left", "el origen se despidió"),
        ("fewer replicas than required, and nobody came back", "hay menos réplicas de las requeridas, y nadie volvió"),
        ("nobody who has the snapshot is there any more", "ya no queda nadie que tenga la instantánea"),
        ("SOURCE is empty, and its last snapshot {0} has {1} entries; check that it is mounted, or give --allow-shrink to copy it as it is",
            "SOURCE está vacío, y su última instantánea {0} tiene {1} entradas; mira si está montado, o usa --allow-shrink para copiarlo como está"),
        ("SOURCE has {0} entries, and its last snapshot {1} has {2}: more than {3} % are missing; check that it is whole and mounted, or give --allow-shrink to copy it as it is",
            "SOURCE tiene {0} entradas, y su última instantánea {1} tiene {2}: falta más del {3} %; mira si está entero y montado, o usa --allow-shrink para copiarlo como está"),
        ("SOURCE can't be read: {0}", "no se puede leer SOURCE: {0}"),
        ("delivering the tree failed; the log says why", "falló la entrega del árbol; el registro de mensajes dice por qué"),
        ("the coordinator at {0} was not reached within {1} s; check that it runs and that --coordinator is its address",
            "no se llegó al coordinador en {0} durante {1} s; mira si está en marcha y si --coordinator es su dirección"),
        ("{0} of {1} destinations within {2} s; start more, or give --start-with", "{0} de {1} destinos en {2} s; arranca más, o usa --start-with"),

        // Why a plan has its shape.
        ("paused by its owner", "en pausa por su dueño"),
        ("{0} dials {1}: it accepts no connections", "{0} llama a {1}: no acepta conexiones"),
        ("{0} dials {1}: it was not reached", "{0} llama a {1}: no se llegó hasta él"),
        ("{0} dials {1}: its link from {2} failed ({3})", "{0} llama a {1}: falló su enlace desde {2} ({3})"),
        ("{0} hangs below {1}: its link from {2} failed ({3})", "{0} cuelga de {1}: falló su enlace desde {2} ({3})"),
        ("{0} has a lane of its own, after the others: {1}", "{0} va por separado, después de los demás: {1}"),
        ("{0} forwards to nobody: its links to several others failed", "{0} no reenvía a nadie: fallaron sus enlaces con varios"),
        ("{0} more were moved", "{0} más han cambiado de sitio"),
        ("star: asked for", "estrella: se ha pedido"),
        ("chain: asked for", "cadena: se ha pedido"),
        ("relay: asked for", "retransmisión: se ha pedido"),
        ("a star: no relay can be had (the coordinator has none)", "estrella: no hay quien retransmita (el coordinador no lo hace)"),
        ("a star: no relay can be had (a node is called {0})", "estrella: no hay quien retransmita (hay un nodo que se llama {0})"),
        ("a star: no relay can be had ({0})", "estrella: no hay quien retransmita ({0})"),
        ("auto: one destination", "auto: un destino"),
        ("auto: a star, for all are on one machine", "auto: estrella, porque todos están en una máquina"),
        ("auto: a chain, so that the origin sends once", "auto: cadena, para que el origen envíe una sola vez"),

        // Why there is no connection to the coordinator, or it takes no such node.
        ("no answer", "no responde"),
        ("it says: {0}", "dice: {0}"),
        ("it is something else than a BackupDistribuido node", "no es un nodo de BackupDistribuido"),
        ("it speaks another version of the protocol", "habla otra versión del protocolo"),
        ("it gave itself no valid name", "no ha dado un nombre válido"),
        ("it gave itself the coordinator's name", "se ha dado el nombre del coordinador"),
        ("it closed the connection in mid-greeting", "cerró la conexión en mitad del saludo"),
        ("it closed the connection without a word", "cerró la conexión sin decir nada"),
        ("it has a key, and this coordinator has none: start both with the same key file, or both without", "tiene clave, y este coordinador no: arranca los dos con la misma clave, o los dos sin ella"),
        ("it speaks plain, and this coordinator wants the cluster's key: start it with --key", "habla sin cifrar, y este coordinador quiere la clave del grupo: arráncalo con --key"),
        ("it does not have this cluster's key (it has another one, or none): start both with the same key file", "no tiene la clave de este grupo (tiene otra, o ninguna): arranca los dos con la misma clave"),
        ("it is a node, but no coordinator", "es un nodo, pero no un coordinador"),
        ("it did not greet within {0} s", "no saludó en {0} s"),
        ("the connection broke off during the greeting", "la conexión se cortó durante el saludo"),
        ("it was silent, or took nothing, for too long", "estuvo demasiado tiempo callado, o sin recibir nada"),
        ("the coordinator at {0} was not reached: {1}; check that it runs and that --coordinator is its address", "no se llegó al coordinador en {0}: {1}; mira si está en marcha y si --coordinator es su dirección"),
        ("no answer within {0} s", "no respondió en {0} s"),
        ("the registration of origin '{0}' is not taken: {1}", "no se acepta el registro del origen «{0}»: {1}"),
        ("the registration of destination '{0}' is not taken: {1}", "no se acepta el registro del destino «{0}»: {1}"),
        ("it names more than {0} snapshots", "nombra más de {0} instantáneas"),
        ("its free space is negative", "su espacio libre es negativo"),
        ("it has a snapshot without entries, of a negative size, or that requires no copy", "tiene una instantánea sin entradas, de tamaño negativo o que no requiere copias"),
        ("what it has staged has a negative size", "lo que tiene a medias tiene un tamaño negativo"),
        ("it requires no copy", "no requiere ninguna copia"),
        ("its tree has a negative size", "su árbol tiene un tamaño negativo"),
        ("its share of entries that may be lost is no percentage", "la parte de entradas que puede perder no es un porcentaje"),
        ("its {0} has more than {1} characters", "su «{0}» tiene más de {1} caracteres"),
        ("its {0} is not printable", "su «{0}» no se puede mostrar"),
        ("origin's identity", "identidad del origen"),
        ("another process is already running as origin '{0}'", "ya hay otro proceso en marcha como origen «{0}»"),
        ("another process is already running as destination '{0}'", "ya hay otro proceso en marcha como destino «{0}»"),
        ("the origin name '{0}' is in use by another machine or folder; choose another with --name", "otra máquina o carpeta usa ya el nombre de origen «{0}»; elige otro nombre"),
        ("the destination name '{0}' is in use by another machine or folder; choose another with --name", "otra máquina o carpeta usa ya el nombre de destino «{0}»; elige otro nombre"),
        ("the data address {0} is not loopback; give --key FILE (see bdist key) or --insecure", "la dirección de datos {0} no es local; usa --key FILE (véase bdist key) o --insecure"),
        ("no way to the coordinator {0}: {1}; check --coordinator, or give --listen HOST:PORT", "no hay camino al coordinador {0}: {1}; revisa --coordinator, o usa --listen HOST:PORT"),
        ("can't listen on {0}: {1}; choose another --listen HOST:PORT", "no se puede escuchar en {0}: {1}; elige otro --listen HOST:PORT"),
        ("can't listen on {0}: {1}; choose another --listen", "no se puede escuchar en {0}: {1}; elige otro --listen"),
        ("can't listen on {0}: {1}; give --listen HOST:PORT", "no se puede escuchar en {0}: {1}; usa --listen HOST:PORT"),

        // Why a destination can't take a tree.
        ("Not able to hold the tree: {0}", "No puede guardar el árbol: {0}"),
        ("its ROOT lies in SOURCE", "su ROOT está dentro de SOURCE"),
        ("SOURCE lies in its ROOT/{0}", "SOURCE está dentro de su ROOT/{0}"),
        ("its file system holds files of up to {0}, the tree has one of {1}", "su sistema de ficheros admite ficheros de hasta {0}, y el árbol tiene uno de {1}"),
        ("{0} bytes free, {1} needed", "{0} bytes libres, hacen falta {1}"),
        ("{0} inodes free, {1} needed", "{0} inodos libres, hacen falta {1}"),
        ("{0} free, {1} needed", "{0} libres, hacen falta {1}"),
        ("ROOT {0} is on a file system that can't hold the {1} of a tree: the manifests of its copies have them, the copies don't",
            "ROOT {0} está en un sistema de ficheros que no admite de un árbol: {1:kinds}. Los manifiestos de sus copias los tienen; las copias, no"),
        ("ROOT {0} is on a file system that takes names for one that differ in case only: it can't hold a tree that has such names",
            "ROOT {0} está en un sistema de ficheros que no distingue mayúsculas de minúsculas: no puede guardar un árbol con nombres que solo se diferencien en eso"),
        ("ROOT {0} is on a file system that holds files of up to {1}: it can't hold a tree that has a larger one",
            "ROOT {0} está en un sistema de ficheros que admite ficheros de hasta {1}: no puede guardar un árbol que tenga uno mayor"),
        ("This destination can't hold the {0} of {1}; the manifest has them", "Este destino no admite de {1}: {0:kinds}; el manifiesto los tiene"),
        ("{0} is on the disk of SOURCE; it does not protect against its loss", "{0} está en el disco de SOURCE; no protege de su pérdida"),
        ("{0} are on the disk of SOURCE; they do not protect against its loss", "{0} están en el disco de SOURCE; no protegen de su pérdida"),
        ("{0} are on one disk; they do not protect against its loss", "{0} están en un mismo disco; no protegen de su pérdida"),
        .. LinkReasons.Rows,
        .. NodeReasons.Rows,
        // Those have little that is their own.
        ("{0} ({1} times)", "{0} ({1} veces)"),
        .. Sockets.SelectMany(one => Heard(new SocketException((int)one.Error).Message, one.Spanish)),
    ];

    /// <summary>What the system says most often of a connection.</summary>
    private static IEnumerable<(SocketError Error, string Spanish)> Sockets =>
    [
        (SocketError.ConnectionRefused, "conexión rechazada"), (SocketError.TimedOut, "no hubo respuesta a tiempo"), (SocketError.HostUnreachable, "no hay ruta hasta esa máquina"),
        (SocketError.NetworkUnreachable, "no hay red hasta allí"), (SocketError.ConnectionReset, "el otro lado cortó la conexión"),
    ];

    private static IEnumerable<(string English, string Spanish)> Heard(string message, string spanish) => [(message, spanish), ($"{message} {{0}}", $"{spanish} ({{0}})")];
}
