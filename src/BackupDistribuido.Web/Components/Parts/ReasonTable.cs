namespace BackupDistribuido.Web.Components.Parts;

/// <summary>The sentences that nodes make, and what they are in Spanish. A test compares them with the sources: none is
/// lacking, and none is left over.</summary>
internal static class ReasonTable
{
    /// <summary>Kinds of things that a file system can't hold.</summary>
    public static readonly IReadOnlyDictionary<string, string> Kinds = new Dictionary<string, string>
    {
        ["names"] = "nombres",
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
        ("it goes on as {0}", "sigue como {0}"),
        ("it did not get ready within {0} s", "no estuvo listo en {0} s"),
        ("it read nothing more of what it had staged for {0} s", "no leyó nada más de lo que tenía a medias en {0} s"),
        ("no progress for {0} s; it is brought to this snapshot later, when it works again",
            "no avanza desde hace {0} s; recibirá esta instantánea más tarde, cuando vuelva a funcionar"),
        ("no progress for {0} min; its disk may hang, or that of who sends to it",
            "no avanza desde hace {0} min; puede que su disco no responda, o el de quien le envía"),
        ("no progress for {0} min while it made its replica durable; its disk may hang",
            "no avanza desde hace {0} min al hacer duradera su réplica; puede que su disco no responda"),
        ("its replica was read again and is damaged", "su réplica se ha releído y está dañada"),
        ("what came over its link is not the tree that the origin sealed; it was not published",
            "lo que llegó por su enlace no es el árbol que selló el origen; no se publicó"),
        ("it has the whole tree, and the coordinator did not say within {0} s what the origin sealed; one of an older "
            + "version does not: bring all nodes to the same version",
            "tiene el árbol entero, y el coordinador no dijo en {0} s qué selló el origen; uno de una versión anterior no lo hace: pon todos los nodos en la misma versión"),
        ("its manifest differs from the origin's", "su manifiesto no es el del origen"),
        ("without {0}", "sin {0:kinds}"),
        ("{0}/s reach it, and the others could do {1}/s", "le llegan {0}/s, y los demás podrían con {1}/s"),

        // Why a run ended.
        ("the origin did not come back", "el origen no volvió"),
        ("the origin left", "el origen se despidió"),
        ("the origin was started again", "el origen se inició de nuevo"),
        ("the origin began a run of its own", "el origen empezó una ejecución propia"),
        ("fewer replicas than required, and nobody came back", "hay menos réplicas de las requeridas, y nadie volvió"),
        ("fewer replicas than required, and nobody else can come",
            "hay menos réplicas de las requeridas, y no puede venir nadie más"),
        ("unknown: the coordinator at {0} was not heard for {1} min in the middle of a run, and nothing was sent; how "
            + "many copies of {2} are stored shows when it is back; the next run sends only what is lacking",
            "desconocido: no se oyó al coordinador en {0} durante {1} min en mitad de una ejecución, y no se envió nada; cuántas copias de {2} están guardadas se verá cuando vuelva; la próxima ejecución envía solo lo que falte"),
        ("nobody who has the snapshot is there any more", "ya no queda nadie que tenga la instantánea"),
        ("SOURCE is empty, without a file, link or special file that could be read, and its last snapshot {0} has {1} "
            + "entries; check that it is mounted, or give --allow-shrink to copy it as it is",
            "SOURCE está vacío, sin ningún fichero, enlace ni fichero especial que se pueda leer, y su última instantánea {0} tiene {1} entradas; mira si está montado, o usa --allow-shrink para copiarlo como está"),
        ("SOURCE is empty, without a file, link or special file that could be read, and had {0} entries in its last "
            + "run; check that it is mounted, or give --allow-shrink to copy it as it is",
            "SOURCE está vacío, sin ningún fichero, enlace ni fichero especial que se pueda leer, y tenía {0} entradas en su última ejecución; mira si está montado, o usa --allow-shrink para copiarlo como está"),
        ("SOURCE is empty, without a file, link or special file that could be read; check that it is mounted, or give "
            + "--allow-shrink to copy it as it is",
            "SOURCE está vacío, sin ningún fichero, enlace ni fichero especial que se pueda leer; mira si está montado, o usa --allow-shrink para copiarlo como está"),
        ("SOURCE has no byte of content, and its last snapshot {0} has {1}; check that it is whole, or give "
            + "--allow-shrink to copy it as it is",
            "SOURCE no tiene ni un byte de contenido, y su última instantánea {0} tiene {1}; mira si está entero, o usa --allow-shrink para copiarlo como está"),
        ("SOURCE has {0} entries, and its last snapshot {1} has {2}: {3} % or more are missing; check that it is whole "
            + "and mounted, or give --allow-shrink to copy it as it is",
            "SOURCE tiene {0} entradas, y su última instantánea {1} tiene {2}: falta el {3} % o más; mira si está entero y montado, o usa --allow-shrink para copiarlo como está"),
        ("'{0}' in SOURCE was mounted in its last run and is not now: {1} of {2} entries are missing; mount it, or "
            + "give --allow-shrink to copy SOURCE as it is",
            "«{0}», dentro de SOURCE, estaba montado en su última ejecución y ahora no: faltan {1} de {2} entradas; móntalo, o usa --allow-shrink para copiar SOURCE como está"),
        ("'{0}' in SOURCE is empty or can't be read, and had {1} of {2} entries in its last run; check that it is "
            + "whole and mounted, or give --allow-shrink to copy SOURCE as it is",
            "«{0}», dentro de SOURCE, está vacío o no se puede leer, y tenía {1} de {2} entradas en su última ejecución; mira si está entero y montado, o usa --allow-shrink para copiar SOURCE como está"),
        ("SOURCE has {0} entries, and had {1} in its last run: {2} % or more are missing, or are files without their "
            + "content; check that it is whole and mounted, or give --allow-shrink to copy it as it is",
            "SOURCE tiene {0} entradas, y tenía {1} en su última ejecución: falta el {2} % o más, o son ficheros sin su contenido; mira si está entero y montado, o usa --allow-shrink para copiarlo como está"),
        ("SOURCE can't be read any more: {0}; it is this process or machine that is short of something, not the file: "
            + "give it more (ulimit -n, memory) and run it again",
            "ya no se puede leer SOURCE: {0}; es a este proceso o a esta máquina a quien le falta algo, no al fichero: dale más (ulimit -n, memoria) y ejecútalo otra vez"),
        ("the manifest can't be written: {0}; have TMPDIR name a folder with room for it",
            "no se puede escribir el manifiesto: {0}; haz que TMPDIR nombre una carpeta con sitio para él"),
        ("SOURCE can't be read: {0}", "no se puede leer SOURCE: {0}"),
        ("delivering the tree failed; the log says why",
            "falló la entrega del árbol; el registro de mensajes dice por qué"),
        ("the coordinator at {0} was not reached within {1} s; check that it runs and that --coordinator is its "
            + "address",
            "no se llegó al coordinador en {0} durante {1} s; mira si está en marcha y si --coordinator es su dirección"),
        ("{0} of {1} destinations within {2} s; start more, or give --start-with",
            "{0} de {1} destinos en {2} s; arranca más, o usa --start-with"),

        // What is doubtful in what destinations say.
        ("{0} and {1} have one identity and are one copy, that of the first: remove .bdist/id from the ROOT that was "
            + "copied",
            "{0} y {1} tienen una misma identidad y son una sola copia, la del primero: borra .bdist/id de la carpeta ROOT que se copió"),
        ("{0} different trees are called {1} of {2}, and each counts alone: {3}. Run the backup again",
            "{0} árboles distintos se llaman {1} de {2}, y cada uno cuenta por su lado: {3}. Haz la copia otra vez"),
        ("Snapshot {0} of {1} at {2} is from the future: check the clocks; any other counts as newer",
            "La instantánea {0} de {1} en {2} viene del futuro: mira los relojes; cualquier otra cuenta como más nueva"),
        ("This destination does not count: {0}", "Este destino no cuenta: {0}"),
        ("{0} is another folder or disk than the one that was called so before: copies on that one count no more; give "
            + "each disk a name of its own",
            "{0} es otra carpeta u otro disco que lo que se llamaba así antes: las copias en aquel ya no cuentan; da a cada disco un nombre propio"),

        // Why a plan has its shape.
        ("paused by its owner", "en pausa por su dueño"),
        ("{0} dials {1}: it accepts no connections", "{0} llama a {1}: no acepta conexiones"),
        ("{0} dials {1}: it was not reached", "{0} llama a {1}: no se llegó hasta él"),
        ("{0} dials {1}: its link from {2} failed ({3})", "{0} llama a {1}: falló su enlace desde {2} ({3})"),
        ("{0} hangs below {1}: its link from {2} failed ({3})", "{0} cuelga de {1}: falló su enlace desde {2} ({3})"),
        ("{0} has a lane of its own, after the others: {1}", "{0} va por separado, después de los demás: {1}"),
        ("{0} forwards to nobody: its links to several others failed",
            "{0} no reenvía a nadie: fallaron sus enlaces con varios"),
        ("{0} more were moved", "{0} más han cambiado de sitio"),
        ("star: asked for", "estrella: se ha pedido"),
        ("chain: asked for", "cadena: se ha pedido"),
        ("relay: asked for", "retransmisión: se ha pedido"),
        ("a star: no relay can be had (the coordinator has none)",
            "estrella: no hay quien retransmita (el coordinador no lo hace)"),
        ("a star: no relay can be had (a node is called {0})",
            "estrella: no hay quien retransmita (hay un nodo que se llama {0})"),
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
        ("it has a key, and this coordinator has none: start both with the same key file, or both without",
            "tiene clave, y este coordinador no: arranca los dos con la misma clave, o los dos sin ella"),
        ("it speaks plain, and this coordinator wants the cluster's key: start it with --key",
            "habla sin cifrar, y este coordinador quiere la clave del grupo: arráncalo con --key"),
        ("it does not have this cluster's key (it has another one, or none): start both with the same key file",
            "no tiene la clave de este grupo (tiene otra, o ninguna): arranca los dos con la misma clave"),
        ("it is a node, but no coordinator", "es un nodo, pero no un coordinador"),
        ("it did not greet within {0} s", "no saludó en {0} s"),
        ("the connection broke off during the greeting", "la conexión se cortó durante el saludo"),
        ("it was silent, or took nothing, for too long", "estuvo demasiado tiempo callado, o sin recibir nada"),
        ("the coordinator at {0} was not reached: {1}; check that it runs and that --coordinator is its address",
            "no se llegó al coordinador en {0}: {1}; mira si está en marcha y si --coordinator es su dirección"),
        ("no answer within {0} s", "no respondió en {0} s"),
        ("the registration of origin '{0}' is not taken: {1}", "no se acepta el registro del origen «{0}»: {1}"),
        ("the registration of destination '{0}' is not taken: {1}", "no se acepta el registro del destino «{0}»: {1}"),
        ("it names more than {0} snapshots", "nombra más de {0} instantáneas"),
        ("it says the room of more than {0} origins", "dice el espacio de más de {0} orígenes"),
        ("its free space is negative", "su espacio libre es negativo"),
        ("it has a snapshot without entries, of a negative size, or that requires no copy",
            "tiene una instantánea sin entradas, de tamaño negativo o que no requiere copias"),
        ("what it has staged has a negative size", "lo que tiene a medias tiene un tamaño negativo"),
        ("it requires no copy", "no requiere ninguna copia"),
        ("its tree has a negative size", "su árbol tiene un tamaño negativo"),
        ("its share of entries that may be lost is no percentage",
            "la parte de entradas que puede perder no es un porcentaje"),
        ("its {0} has more than {1} characters", "su «{0}» tiene más de {1} caracteres"),
        ("its {0} is not printable", "su «{0}» no se puede mostrar"),
        ("origin's identity", "identidad del origen"),
        ("another process is already running as origin '{0}'", "ya hay otro proceso en marcha como origen «{0}»"),
        ("another process is already running as destination '{0}'", "ya hay otro proceso en marcha como destino «{0}»"),
        ("the origin name '{0}' is in use by another machine or folder; choose another with --name",
            "otra máquina o carpeta usa ya el nombre de origen «{0}»; elige otro nombre"),
        ("the destination name '{0}' is in use by another machine or folder; choose another with --name",
            "otra máquina o carpeta usa ya el nombre de destino «{0}»; elige otro nombre"),
        ("the data address {0} is link-local: it means something on this machine alone, and others can't dial it; give "
            + "--advertise HOST:PORT, or --listen with another address",
            "la dirección de datos {0} es de enlace local: solo vale en esta máquina, y los demás no pueden llamarla; usa --advertise HOST:PORT, o --listen con otra dirección"),
        ("the data address {0} is not loopback; give --key FILE (see bdist key) or --insecure",
            "la dirección de datos {0} no es local; usa --key FILE (véase bdist key) o --insecure"),
        ("no way to the coordinator {0}: {1}; check --coordinator, or give --listen HOST:PORT",
            "no hay camino al coordinador {0}: {1}; revisa --coordinator, o usa --listen HOST:PORT"),
        ("can't listen on {0}: {1}; choose another --listen HOST:PORT",
            "no se puede escuchar en {0}: {1}; elige otro --listen HOST:PORT"),
        ("can't listen on {0}: {1}; choose another --listen", "no se puede escuchar en {0}: {1}; elige otro --listen"),
        ("can't listen on {0}: {1}; give --listen HOST:PORT",
            "no se puede escuchar en {0}: {1}; usa --listen HOST:PORT"),

        // Why a destination can't take a tree.
        ("Not able to hold the tree: {0}", "No puede guardar el árbol: {0}"),
        ("its ROOT lies in SOURCE", "su ROOT está dentro de SOURCE"),
        ("SOURCE lies in its ROOT/{0}", "SOURCE está dentro de su ROOT/{0}"),
        ("its file system holds files of up to {0}, the tree has one of {1}",
            "su sistema de ficheros admite ficheros de hasta {0}, y el árbol tiene uno de {1}"),
        ("{0} bytes free, {1} needed", "{0} bytes libres, hacen falta {1}"),
        ("{0} inodes free, {1} needed", "{0} inodos libres, hacen falta {1}"),
        ("{0} free, {1} needed", "{0} libres, hacen falta {1}"),
        ("ROOT {0} is on a file system that can't hold the {1} of a tree: the manifests of its copies have them, the "
            + "copies don't",
            "ROOT {0} está en un sistema de ficheros que no admite de un árbol: {1:kinds}. Los manifiestos de sus copias los tienen; las copias, no"),
        ("ROOT {0} is on a file system that takes names for one that differ in case only: of two such names in a tree "
            + "its copies have the first only",
            "ROOT {0} está en un sistema de ficheros que no distingue mayúsculas de minúsculas: de dos nombres que solo se diferencien en eso sus copias tienen únicamente el primero"),
        ("ROOT {0} is on a file system that stores some names as others: entries with such names will be missing in its copies",
            "ROOT {0} está en un sistema de ficheros que guarda algunos nombres como otros: las entradas con esos nombres faltarán en sus copias"),
        ("{0}: this file system stores it under another name, or takes it for the name of another entry",
            "{0}: este sistema de ficheros lo guarda con otro nombre, o lo toma por el nombre de otra entrada"),
        ("ROOT {0} is on a file system that holds files of up to {1}: it can't hold a tree that has a larger one",
            "ROOT {0} está en un sistema de ficheros que admite ficheros de hasta {1}: no puede guardar un árbol que tenga uno mayor"),
        ("This destination can't hold the {0} of {1}; the manifest has them",
            "Este destino no admite de {1}: {0:kinds}; el manifiesto los tiene"),
        ("It is missing in this destination's copy of {0}, for its file system can't have the name: {1}",
            "Falta en la copia de {0} de este destino, porque su sistema de ficheros no admite el nombre: {1}"),
        ("More is missing in this destination's copy of {0} because of names; all is listed in {1} in the end",
            "Faltan más entradas en la copia de {0} de este destino por sus nombres; al final están todas en {1}"),
        ("{0} is on the disk of SOURCE; it does not protect against its loss",
            "{0} está en el disco de SOURCE; no protege de su pérdida"),
        ("{0} are on the disk of SOURCE; they do not protect against its loss",
            "{0} están en el disco de SOURCE; no protegen de su pérdida"),
        ("{0} are on one disk; they do not protect against its loss",
            "{0} están en un mismo disco; no protegen de su pérdida"),
        .. LinkReasons.Rows,
        .. NodeReasons.Rows,
        .. CoordinatorReasons.Rows,
        // Those have little that is their own.
        ("{0} ({1} times)", "{0} ({1} veces)"),
        .. SystemReasons.Rows,
    ];
}
