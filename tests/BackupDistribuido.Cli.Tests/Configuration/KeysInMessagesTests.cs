using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using BackupDistribuido.Cli.Configuration;

namespace BackupDistribuido.Cli.Tests.Configuration;

/// <summary>What messages tell people to set can be set.</summary>
public sealed class KeysInMessagesTests
{
    private static readonly Regex Key =
        new(@"(?<!/)backup\.[a-z][a-z-]*(\.[a-z][a-z-]*)*", RegexOptions.CultureInvariant);

    [Fact]
    public void A_key_that_a_text_names_exists()
    {
        var product = typeof(Settings).Assembly.GetReferencedAssemblies()
            .Where(one => one.Name!.StartsWith("BackupDistribuido.", StringComparison.Ordinal)).Select(Assembly.Load);
        var named = product.Append(typeof(Settings).Assembly).SelectMany(Texts)
            .SelectMany(text => Key.Matches(text)).Select(match => match.Value).Distinct().ToList();

        Assert.Contains("backup.coordinator.record", named);
        Assert.All(named, key => Assert.Contains(Settings.All,
            setting => setting.Key == key || setting.Key.StartsWith($"{key}.", StringComparison.Ordinal)));
    }

    // From the metadata itself: every literal of the assembly's code.
    private static IEnumerable<string> Texts(Assembly assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly.Location));
        var metadata = file.GetMetadataReader();
        for (var text = MetadataTokens.UserStringHandle(0); ;)
        {
            text = metadata.GetNextHandle(text);
            if (text.IsNil) yield break;
            yield return metadata.GetUserString(text);
        }
    }
}
