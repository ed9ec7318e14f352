namespace BackupDistribuido.EndToEnd.Tests.Processes;

/// <summary>The tests that measure how soon something happens: nothing else runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    /// <summary>The collection's name.</summary>
    public const string Name = "alone";
}
