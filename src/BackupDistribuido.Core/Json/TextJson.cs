using System.Text.Json;
using System.Text.Json.Serialization;

namespace BackupDistribuido.Core.Json;

/// <summary>A vocabulary value as a JSON string: what its <c>ToString</c> writes, read by its own parser.</summary>
public abstract class TextJson<T>(Func<string, T> parse) : JsonConverter<T>
    where T : notnull
{
    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String) throw new JsonException($"a {typeof(T).Name} is a string");
        try
        {
            return parse(reader.GetString()!);
        }
        catch (FormatException e)
        {
            throw new JsonException(e.Message, e);
        }
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
