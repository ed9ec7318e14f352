namespace BackupDistribuido.Cli.Configuration;

/// <summary>What standard output gets.</summary>
internal enum OutputMode
{
    /// <summary>A live view on a terminal, plain lines elsewhere.</summary>
    Auto,
    /// <summary>One readable line an event.</summary>
    Plain,
    /// <summary>One JSON object a line.</summary>
    Json,
}
