using System.Buffers;
using BackupDistribuido.Core.Trees.Lines;
using CsCheck;

namespace BackupDistribuido.Core.Tests.Trees.Lines;

public class FieldReaderTests
{
    [Fact]
    public void Numbers_are_read_as_they_were_written() =>
        Gen.Select(Gen.Long[0, long.MaxValue], Gen.ULong, Gen.Int[0, 4095]).Sample((number, unsigned, octal) =>
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new FieldWriter(output);
        writer.Field(number);
        writer.Field(unsigned);
        writer.Octal(octal);
        var reader = new FieldReader(output.WrittenSpan);
        Assert.Equal((number, unsigned, octal),
            (reader.Number(long.MaxValue), reader.Unsigned64(), reader.Octal(4095)));
        Assert.True(reader.AtEnd);
        Assert.Null(reader.Problem);
    });

    [Theory]
    [InlineData("8")]
    [InlineData("07")]
    [InlineData("10000")]
    [InlineData("7777777")]
    [InlineData("78")]
    [InlineData("87")]
    [InlineData("-7")]
    public void Octal_has_one_spelling_and_a_limit(string text)
    {
        var reader = new FieldReader(System.Text.Encoding.ASCII.GetBytes(text));
        reader.Octal(4095);
        Assert.NotNull(reader.Problem);
    }

    [Fact]
    public void The_first_problem_is_kept_and_the_rest_reads_as_zero()
    {
        var reader = new FieldReader("x 5"u8);
        Assert.Equal(0, reader.Number(9));
        var problem = reader.Problem;
        Assert.Contains("'x'", problem, StringComparison.Ordinal);
        Assert.Equal(0, reader.Number(9));
        Assert.Equal(problem, reader.Problem);
    }
}
