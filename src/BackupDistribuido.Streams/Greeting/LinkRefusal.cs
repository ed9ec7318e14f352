using System.Net;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Streams.Greeting;

/// <summary>Someone came to the data endpoint and was sent away: who, and what it was told.</summary>
public sealed record LinkRefusal(EndPoint Remote, ErrorCode Code, Reason Reason);
