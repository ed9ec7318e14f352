namespace BackupDistribuido.Web.Components.History;

/// <summary>One bar of a <see cref="BarChart"/>.</summary>
/// <param name="Value">Its height, 0 or more, in the chart's own unit.</param>
/// <param name="Title">The run and the height of the bar, as a tooltip.</param>
/// <param name="Figure">How high, for people.</param>
/// <param name="Tone">Its colour: good, busy, warn, bad or plain.</param>
public sealed record ChartBar(double Value, string Title, string Figure, string Tone);
