using System.Text.Json;

namespace BackupDistribuido.Core.Reasons;

/// <summary>A reason in JSON output: its text in English, for people, and beside it its code, for programs.</summary>
public static class ReasonFields
{
    /// <summary>Writes <c>"NAME":"…","NAMECode":"link.lost"</c>; both are empty if there is no reason.</summary>
    public static void Write(Utf8JsonWriter json, string name, Reason why)
    {
        json.WriteString(name, why.ToString());
        json.WriteString($"{name}Code", why.Code);
    }
}
