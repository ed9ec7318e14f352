namespace BackupDistribuido.Web.Components.Parts;

/// <summary>The part of <see cref="ReasonTable"/> that the system says, and the libraries that ask it. It says it in
/// English: nodes run in the C locale, or without the system's translations.</summary>
internal static class SystemReasons
{
    /// <summary>Error numbers' texts, as <c>strerror(3)</c> has them.</summary>
    public static readonly (string English, string Spanish)[] Errors =
    [
        ("Operation not permitted", "operación no permitida"),
        ("No such file or directory", "no existe el fichero o la carpeta"),
        ("Interrupted system call", "llamada al sistema interrumpida"),
        ("Input/output error", "error de entrada/salida del dispositivo"),
        ("No such device or address", "no existe el dispositivo o la dirección"),
        ("Argument list too long", "lista demasiado larga"),
        ("Resource temporarily unavailable", "recurso no disponible por ahora"),
        ("Cannot allocate memory", "no queda memoria"),
        ("Permission denied", "permiso denegado"),
        ("Device or resource busy", "dispositivo o recurso ocupado"),
        ("File exists", "ya existe"),
        ("Invalid cross-device link", "enlace entre dispositivos distintos"),
        ("No such device", "no existe el dispositivo"),
        ("Not a directory", "no es una carpeta"),
        ("Is a directory", "es una carpeta"),
        ("Invalid argument", "argumento no válido"),
        ("Too many open files in system", "demasiados ficheros abiertos en la máquina"),
        ("Too many open files", "demasiados ficheros abiertos"),
        ("File too large", "fichero demasiado grande"),
        ("No space left on device", "no queda espacio en el dispositivo"),
        ("Read-only file system", "sistema de ficheros de solo lectura"),
        ("Too many links", "demasiados enlaces"),
        ("Broken pipe", "el otro lado cerró la conexión"),
        ("Numerical result out of range", "resultado fuera de rango"),
        ("File name too long", "nombre de fichero demasiado largo"),
        ("Function not implemented", "el sistema no tiene esa función"),
        ("Directory not empty", "la carpeta no está vacía"),
        ("Too many levels of symbolic links", "hay un enlace simbólico donde no puede haberlo"),
        ("No data available", "no hay datos"),
        ("Invalid or incomplete multibyte or wide character", "carácter que el sistema de ficheros no admite"),
        ("Operation not supported", "operación no admitida"),
        ("Address already in use", "la dirección ya está en uso"),
        ("Cannot assign requested address", "la dirección no es de esta máquina"),
        ("Network is down", "la red está caída"),
        ("Network is unreachable", "no hay red hasta allí"),
        ("Software caused connection abort", "se abandonó la conexión"),
        ("Connection reset by peer", "el otro lado cortó la conexión"),
        ("Transport endpoint is not connected", "no hay conexión"),
        ("Connection timed out", "no hubo respuesta a tiempo"),
        ("Connection refused", "conexión rechazada"),
        ("Host is down", "la máquina está apagada"),
        ("No route to host", "no hay ruta hasta esa máquina"),
        ("Stale file handle", "el fichero ya no está en el servidor (stale file handle)"),
        ("Structure needs cleaning", "el sistema de ficheros está dañado (structure needs cleaning)"),
        ("Remote I/O error", "error de entrada/salida remoto"),
        ("Disk quota exceeded", "cuota de disco agotada"),
        ("No medium found", "no hay ningún medio"),
        ("Operation canceled", "operación cancelada"),
    ];

    /// <summary>What has such a text, or one of its own, from a library. Last of all rows: they fit much.</summary>
    public static readonly (string English, string Spanish)[] Rows =
    [
        .. Errors,
        ("Name or service not known", "no se conoce ese nombre"),
        ("Access to the path '{0}' is denied.", "no está permitido el acceso a «{0}»."),
        ("Could not find a part of the path '{0}'.", "no existe la ruta «{0}»."),
        ("Could not find file '{0}'.", "no existe el fichero «{0}»."),
        ("Unable to read data from the transport connection: {0}.", "no se puede recibir por la conexión: {0}."),
        ("Unable to write data to the transport connection: {0}.", "no se puede enviar por la conexión: {0}."),
        ("Received an unexpected EOF or 0 bytes from the transport stream.", "la conexión se cortó."),
        ("SQLite Error {0}: '{1}'.", "error {0} de SQLite: {1}."),
        ("database or disk is full", "la base de datos o el disco están llenos"),
        ("disk I/O error", "error de entrada/salida del disco"),
        ("attempt to write a readonly database", "la base de datos es de solo lectura"),
        ("unable to open database file", "no se puede abrir el fichero de la base de datos"),
        ("database disk image is malformed", "la base de datos está dañada"),
        ("file is not a database", "el fichero no es una base de datos"),
        ("{0} ({1}, errno {2})", "{0} ({1}, errno {2})"),
        ("{0} : '{1}'", "{0}: «{1}»"),
        // A socket names whom it called.
        .. Errors.Select(one => ($"{one.English} {{0}}", $"{one.Spanish} ({{0}})")),
    ];
}
