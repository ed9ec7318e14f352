namespace BackupDistribuido.Actors.Serialization;

/// <summary>A message that may travel between nodes. Each is one line of the program's <see cref="MessageTable"/>;
/// nothing else is ever sent or built.</summary>
public interface IWireMessage;
