using System.Text.Json;
using BackupDistribuido.Core.Naming;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Trees;

namespace BackupDistribuido.Core.Events;

/// <summary>Takes the fields of an event in their order: as JSON, or for its text. <c>docs/json.md</c> says what
/// programs may expect of them.</summary>
public interface IEventFields
{
    /// <summary>A name, an address, an id or the like: the same in each language.</summary>
    void Text(string name, ReasonValue value);

    /// <summary>A whole number.</summary>
    void Number(string name, long value);

    /// <summary>A number.</summary>
    void Number(string name, double value);

    /// <summary>Whether something is so.</summary>
    void Flag(string name, bool value);

    /// <summary>A reason: in English, with its code under <c>NAMECode</c>; both are empty if there is none.</summary>
    void Reason(string name, Reason why);

    /// <summary>Several texts.</summary>
    void List(string name, IEnumerable<string> values);

    /// <summary>The entry of the event, as <c>path</c>; <c>encoded</c> comes last if its path is not valid
    /// text.</summary>
    void Path(TreePath path);

    /// <summary>Whose run or snapshot it is, as <c>origin</c>: JSON names it at a coordinator alone, which has those of
    /// several.</summary>
    void Whose(NodeName origin);

    /// <summary>What only the text has.</summary>
    void ForText(string name, PhrasePart part);

    /// <summary>What only JSON has.</summary>
    void ForJson(Action<Utf8JsonWriter> write);
}
