namespace BackupDistribuido.Web.Components.Parts;

/// <summary>The part of <see cref="ReasonTable"/> that is about links, and what comes over them.</summary>
internal static class LinkReasons
{
    /// <inheritdoc cref="ReasonTable.Rows"/>
    public static readonly (string English, string Spanish)[] Rows =
    [
        ("{0} files of the same length and time as in the snapshot before have another SHA-256 than there; they are asked for anew",
            "{0} ficheros con el mismo tamaño y fecha que en la instantánea anterior tienen otro SHA-256; se piden de nuevo"),
        ("damaged on the way: '{0}' and {1} more; what came does not have the SHA-256 that was said", "dañado por el camino: «{0}» y {1} más; lo que llegó no tiene el SHA-256 anunciado"),
        ("damaged on the way: '{0}'; what came does not have the SHA-256 that was said", "dañado por el camino: «{0}»; lo que llegó no tiene el SHA-256 anunciado"),
        ("{0} files could not be sent as they were when the manifest was sealed", "{0} ficheros no se pudieron enviar como estaban al sellar el manifiesto"),
        ("the connection to {0} was lost: {1}", "se perdió la conexión con {0}: {1}"),
        ("can't reach {0}: {1}", "no se llega a {0}: {1}"),
        ("{0} did not answer within {1} s", "{0} no respondió en {1} s"),
        ("{0} asked for more than it takes", "{0} pidió más de lo que recibe"),
        ("{0} took no byte for {1} s", "{0} no recibió ni un byte en {1} s"),
        ("'{0}' took nothing for {1} s", "«{0}» no recibió nada en {1} s"),
        ("{0} said nothing for {1} s", "{0} no dijo nada en {1} s"),
        ("'{0}' did not say what it needs for {1} s", "«{0}» no dijo qué necesita en {1} s"),
        ("'{0}' did not dial within {1} s", "«{0}» no llamó en {1} s"),
        ("'{0}' accepts no connections, and can't dial '{1}', which accepts none either", "«{0}» no acepta conexiones, y no puede llamar a «{1}», que tampoco las acepta"),
        ("{0} is no node of ours: {1}", "{0} no es un nodo nuestro: {1}"),
        ("{0} closed the link before its greeting; it has another key, or none ({1})", "{0} cerró el enlace antes de saludar; tiene otra clave, o ninguna ({1})"),
        ("{0} closed the link before its greeting ({1})", "{0} cerró el enlace antes de saludar ({1})"),
        ("this node speaks plain, without --key; the other side speaks TLS", "este nodo habla sin cifrar, sin --key; el otro lado habla TLS"),
        ("this node speaks TLS only; use the cluster's --key", "este nodo solo habla TLS; usa la --key del grupo"),
        ("TLS handshake failed; the other side has another key, or none ({0})", "falló el saludo TLS; el otro lado tiene otra clave, o ninguna ({0})"),
        ("too many links are being greeted here; try again", "se está saludando a demasiados enlaces; vuelve a intentarlo"),
        ("the parent ended the link before the tree's end", "quien enviaba cerró el enlace antes del final del árbol"),
        ("nobody here wants more of this link", "aquí nadie quiere más de este enlace"),
        ("nobody that this node forwards to is left", "ya no queda nadie a quien reenviar"),
        ("none of those that this node forwards to was reached", "no se llegó a ninguno de aquellos a quienes se reenvía"),
        ("'{0}' wants no more", "«{0}» no quiere más"),
        ("the stream of '{0}' was stopped", "se detuvo el flujo de «{0}»"),
        ("the stream was stopped", "se detuvo el flujo"),
        ("no such run here", "aquí no hay tal ejecución"),
        ("the run is over here", "aquí la ejecución ha terminado"),
        ("another epoch is open", "está abierta otra época"),
        ("epoch {0} is open, or nothing is lacked", "está abierta la época {0}, o no falta nada"),
        ("epoch {0} is open", "está abierta la época {0}"),
        ("another plan is open", "está abierto otro plan"),
        ("the plan has another secret", "el plan tiene otro secreto"),
        ("the plan has no such link", "el plan no tiene tal enlace"),
        ("an origin takes no content", "un origen no recibe contenido"),
    ];
}
