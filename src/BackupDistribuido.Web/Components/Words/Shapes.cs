namespace BackupDistribuido.Web.Components.Words;

/// <summary>The name of a plan's shape (<see cref="Core.Delivery.DeliveryPlan.Shape"/>).</summary>
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
