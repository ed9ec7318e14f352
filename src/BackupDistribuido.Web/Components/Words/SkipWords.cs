using BackupDistribuido.Core.Trees;
using BackupDistribuido.Web.Components.Views;

namespace BackupDistribuido.Web.Components.Words;

/// <summary>Why an entry is not in the snapshot.</summary>
internal static class SkipWords
{
    public static string Text(Omission why, View view) => why switch
    {
        Omission.Unreadable => view.Say("it can't be read", "no se puede leer"),
        Omission.Vanished => view.Say("it vanished while it was read", "desapareció mientras se leía"),
        Omission.Changed => view.Say("it changed each time it was read", "cambió cada vez que se leyó"),
        _ => view.Say("its path is too long", "su ruta es demasiado larga"),
    };
}
