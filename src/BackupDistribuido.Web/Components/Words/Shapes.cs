namespace BackupDistribuido.Web.Components.Words;

/// <summary>What the shape of a plan is called (<see cref="Core.Delivery.DeliveryPlan.Shape"/>).</summary>
internal static class Shapes
{
    /// <summary>In Spanish; one that is not known here stays as it is.</summary>
    public static string Spanish(string shape) => shape switch
    {
        "star" => "estrella",
        "chain" => "cadena",
        "relay" => "retransmisión",
        "tree" => "árbol",
        _ => shape,
    };
}
