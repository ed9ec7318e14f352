namespace BackupDistribuido.EndToEnd.Tests.Processes;

/// <summary>The tests that measure how soon something happens: no other test of this project runs beside them. As a
/// category, <c>.ci/run</c> runs them apart.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    /// <summary>The collection's name.</summary>
    public const string Name = "alone";
}
