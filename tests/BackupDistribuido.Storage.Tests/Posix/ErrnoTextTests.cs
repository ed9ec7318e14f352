using System.Runtime.InteropServices;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Storage.Posix;

namespace BackupDistribuido.Storage.Tests.Posix;

public sealed class ErrnoTextTests
{
    [Fact]
    public void Each_error_number_that_is_told_apart_has_its_text_in_spanish()
    {
        var said = Enum.GetValues<Errno>().Where(errno => errno > 0)
            .Select(errno => Marshal.GetPInvokeErrorMessage((int)errno)).Distinct().ToList();

        Assert.InRange(said.Count, 20, 133);
        Assert.All(said, text => Assert.NotEqual(text, ReasonTexts.Of(Reason.Text(text), Language.Spanish)));
    }

    [Fact]
    public void A_failed_call_says_where_what_and_which() =>
        Assert.Equal("/srv/copies: no queda espacio en el dispositivo (pwrite, errno 28)",
            ReasonTexts.Of(new PosixException("pwrite", "/srv/copies", (Errno)28).Reason, Language.Spanish));
}
