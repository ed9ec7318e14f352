using System.Globalization;

namespace BackupDistribuido.EndToEnd.Tests.Faults;

/// <summary>How often a fault is tried: a few times in the tests, as often as <c>bench/soak</c> says there. Random
/// moments come from a seed that is said with each failure.</summary>
internal static class Rounds
{
    private static readonly int? Soak = Number("BDIST_SOAK_ROUNDS");

    /// <summary>True under <c>bench/soak</c>.</summary>
    public static bool AreMany => Soak is not null;

    public static int Seed { get; } = Number("BDIST_SOAK_SEED") ?? 1;

    /// <summary>So many, or as many as <c>bench/soak</c> wants.</summary>
    public static int OrSoak(int few) => Soak ?? few;

    /// <summary>Plays each round with a random of its own, so that one can be played again alone.</summary>
    public static async Task Play(int rounds, Func<int, Random, Task> round)
    {
        for (var number = 1; number <= rounds; number++)
        {
            try
            {
                await round(number, new Random(HashCode(Seed, number)));
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"round {number} of seed {Seed}: {e.Message}", e);
            }
        }
    }

    private static int HashCode(int seed, int round) => unchecked((seed * 1_000_003) + round);

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var value)
            ? value : null;
}
