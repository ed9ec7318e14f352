using System.Text;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Storage.Tests.Contained;

/// <summary>
/// A folder to be attacked, and next to it <c>outside</c>, in which nothing may be created, changed or removed.
/// <c>swap</c> holds what the attacker exchanges the victim's names with.
/// </summary>
internal abstract class Attack : IDisposable
{
    private const string State =
        "find outside -printf '%p %y %m %U %G %s %T@ %l\\n' | sort; find outside -type f | sort | xargs cat";

    private string _before = "";

    protected TemporaryFolder Folder { get; } = new();

    /// <summary>The names that are exchanged, as paths in the folder.</summary>
    public abstract (string, string)[] Swaps { get; }

    /// <summary>The attacker at work.</summary>
    public SwappingNames Begin() => new(Folder, Swaps);

    /// <summary>Something that the victim does. False where the attack made it fail.</summary>
    public abstract bool Round();

    /// <summary>Puts the attacker's things in place; what is outside must not change from then on.</summary>
    protected void Prepare(string outside)
    {
        Folder.Do("mkdir -p outside swap\n" + outside);
        _before = Folder.Do(State);
    }

    /// <summary>Puts a link in the place of what the attacker has exchanged, so that he has something to exchange
    /// again.</summary>
    protected void Arm(string name, string target)
    {
        var path = $"swap/{name}";
        if (new FileInfo(Folder[path]).LinkTarget is not null) return;
        SwappingNames.TakeAway(Folder, path);
        try
        {
            File.CreateSymbolicLink(Folder[path], target);
        }
        catch (IOException)
        {
            // He has put the other half of the pair there himself.
        }
    }

    public void AssertOutsideIsUntouched() => Assert.Equal(_before, Folder.Do(State));

    protected static TreePath At(string path) => TreePath.FromBytes(Encoding.ASCII.GetBytes(path));

    public virtual void Dispose() => Folder.Dispose();
}
