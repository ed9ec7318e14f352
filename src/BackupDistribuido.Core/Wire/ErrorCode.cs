namespace BackupDistribuido.Core.Wire;

/// <summary>Why a link is closed: the first field of an ERROR line.</summary>
public enum ErrorCode
{
    /// <summary>A line or payload is not what the grammar says.</summary>
    Syntax,
    /// <summary>Something is over its limit.</summary>
    Limit,
    /// <summary>A frame that is right by itself came where it may not come.</summary>
    Order,
    /// <summary>The other side speaks another version.</summary>
    Version,
    /// <summary>The greeting's secret is not the plan's.</summary>
    Secret,
    /// <summary>This node has no such run.</summary>
    Run,
    /// <summary>The greeting's epoch is not the run's newest.</summary>
    Epoch,
    /// <summary>Content does not have the digest that was announced for it.</summary>
    Digest,
    /// <summary>The input ended in the middle of a conversation.</summary>
    Truncated,
    /// <summary>The other side said nothing, or took nothing, for too long.</summary>
    Silence,
    /// <summary>This node's disk refused.</summary>
    Storage,
    /// <summary>This node takes no more links now.</summary>
    Busy,
    /// <summary>This node is leaving.</summary>
    Stopping,
    /// <summary>The other side has another key, or none, or speaks plain where TLS is spoken.</summary>
    Key,
}
