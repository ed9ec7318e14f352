namespace BackupDistribuido.Core.Wire;

/// <summary>A message that may travel between nodes. Each is one line of the program's table of messages;
/// nothing else is ever sent or built.</summary>
public interface IWireMessage;
