using System.Globalization;
using System.Text;

namespace BackupDistribuido.Web.Metrics;

/// <summary>Prometheus' text format, version 0.0.4: metrics one after the other, each with its help and type. A metric
/// without samples is left out.</summary>
internal sealed class ExpositionText
{
    /// <summary>Its media type.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly StringBuilder _text = new();

    /// <summary>A value that goes up and down.</summary>
    public void Gauge(string name, string help, params IEnumerable<Sample> samples) =>
        Metric(name, "gauge", help, samples.Select(sample => (name, sample)));

    /// <summary>A value that only grows, until the process ends.</summary>
    public void Counter(string name, string help, params IEnumerable<Sample> samples) =>
        Metric(name, "counter", help, samples.Select(sample => (name, sample)));

    /// <summary>The number of measurements, and their sum.</summary>
    public void Summary(string name, string help, IEnumerable<(Sample Sum, Sample Count)> samples) =>
        Metric(name, "summary", help,
            samples.SelectMany(both => new[] { ($"{name}_sum", both.Sum), ($"{name}_count", both.Count) }));

    private void Metric(string name, string type, string help, IEnumerable<(string Name, Sample Sample)> samples)
    {
        var isFirst = true;
        foreach (var (line, sample) in samples)
        {
            if (isFirst) _text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n");
            isFirst = false;
            _text.Append(line);
            for (var i = 0; i < sample.Labels.Length; i++)
                _text.Append(i == 0 ? '{' : ',').Append(sample.Labels[i].Name).Append("=\"")
                    .Append(Escape(sample.Labels[i].Value)).Append('"');
            if (sample.Labels.Length > 0) _text.Append('}');
            _text.Append(' ').Append(sample.Value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
        }
    }

    private static string Escape(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);

    /// <summary>The document so far.</summary>
    public override string ToString() => _text.ToString();
}

/// <summary>One line of a metric.</summary>
internal readonly record struct Sample(double Value, params (string Name, string Value)[] Labels);
