using Akka.Actor;

namespace BackupDistribuido.Actors.Carriers;

/// <summary>
/// The addresses of the control plane are names, not places: the coordinator has one logical address whatever address
/// was dialled, every other system a random one. See <c>docs/adr/0001-one-logical-coordinator-address.md</c>.
/// </summary>
public static class ControlAddress
{
    /// <summary>The name of all our ActorSystems.</summary>
    public const string SystemName = "bdist";

    /// <summary>The transport's scheme; Akka puts <c>akka.</c> before it.</summary>
    public const string Scheme = "bdist";

    /// <summary>The path of the coordinator's actor in its system; nothing else of it may be selected from
    /// outside.</summary>
    public const string CoordinatorPath = "/user/coordinator";

    /// <summary>The coordinator's address, the same in every cluster.</summary>
    public static Address Coordinator { get; } = Named("coordinator");

    /// <summary>The whole path by which a node selects the coordinator's actor.</summary>
    public static string CoordinatorActor { get; } = Coordinator + CoordinatorPath;

    /// <summary>The address of the node whose greeting had this token.</summary>
    public static Address Named(string token) => new("akka." + Scheme, SystemName, token, NoPort);

    // Akka wants a port in a remote address; ours says nothing.
    private const int NoPort = 1;
}
