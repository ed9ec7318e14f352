using BackupDistribuido.Core.Wire;

namespace BackupDistribuido.Core.Tests.Wire;

public class ErrorCodesTests
{
    [Fact]
    public void Every_code_is_read_as_it_is_spelled()
    {
        foreach (var code in Enum.GetValues<ErrorCode>())
        {
            Assert.True(ErrorCodes.TryParse(ErrorCodes.Spell(code), out var parsed));
            Assert.Equal(code, parsed);
            Assert.Matches("^[a-z]+$", ErrorCodes.Spell(code));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("Syntax")]
    [InlineData("nonsense")]
    public void Anything_else_is_none(string text) => Assert.False(ErrorCodes.TryParse(text, out _));
}
