using System.Collections;
using System.Reflection;
using System.Text.RegularExpressions;
using BackupDistribuido.Core.Reasons;
using BackupDistribuido.Core.Reasons.Areas;

namespace BackupDistribuido.Core.Tests.Reasons;

public sealed class ReasonTextsTests
{
    private const string Value = "12";

    private static readonly Reason Within = Reason.Text("No such device");

    /// <summary>Each reason that there is, with the types of its parameters by name.</summary>
    private static readonly List<(Reason Reason, Dictionary<string, Type> Types)> All =
    [
        .. typeof(LinkReason).Assembly.GetTypes().Where(type => type.Namespace == typeof(LinkReason).Namespace)
        .SelectMany(Made),
    ];

    public static TheoryData<string> Codes => [.. All.Select(one => one.Reason.Code)];

    [Fact]
    public void Each_code_is_there_once_and_each_text_belongs_to_one()
    {
        var codes = All.Select(one => one.Reason.Code).ToList();

        Assert.InRange(codes.Count, 200, 1000);
        Assert.Equal(codes.Order().Distinct(), codes.Order());
        // Other texts have areas of their own.
        var areas = codes.Select(AreaOf).ToHashSet();
        foreach (var language in Enum.GetValues<Language>())
        {
            var names = Texts.All(language).Cast<DictionaryEntry>().Select(one => (string)one.Key);
            Assert.Equal(codes.Order(), names.Where(name => areas.Contains(AreaOf(name))).Order());
        }
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void A_reason_has_a_text_in_each_language_with_all_of_its_parameters(string code)
    {
        var (reason, types) = All.First(one => one.Reason.Code == code);

        foreach (var language in Enum.GetValues<Language>())
        {
            var places = Regex.Matches(Texts.Template(code, language)!, @"\{([^}]*)\}")
                .Select(place => Texts.Place(place.Groups[1].Value)).ToList();
            Assert.Equal(types.Keys.Order(), places.Select(place => place.Name).Distinct().Order());
            Assert.All(places, place => Assert.Contains(place.Format.Split('|')[0], FormatsOf(types[place.Name])));
            Assert.DoesNotContain('{', ReasonTexts.Of(reason, language));
            Assert.DoesNotContain('…', ReasonTexts.Of(reason, language).Replace("12…", "", StringComparison.Ordinal));
        }
        if (types.Count == 0)
            Assert.NotEqual(ReasonTexts.Of(reason, Language.English), ReasonTexts.Of(reason, Language.Spanish));
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void A_reason_is_the_same_after_it_was_sent(string code)
    {
        var (reason, _) = All.First(one => one.Reason.Code == code);

        Assert.Equal(reason, Reason.Parse(reason.Encode()));
    }

    private static string AreaOf(string name) => name[..name.IndexOf('.', StringComparison.Ordinal)];

    private static IEnumerable<(Reason, Dictionary<string, Type>)> Made(Type area) =>
    [
        .. area.GetProperties(BindingFlags.Public | BindingFlags.Static)
        .Where(one => one.PropertyType == typeof(Reason))
            .Select(one => ((Reason)one.GetValue(null)!, new Dictionary<string, Type>())),
        .. area.GetMethods(BindingFlags.Public | BindingFlags.Static)
            .Where(one => one.ReturnType == typeof(Reason) && !one.IsSpecialName)
            .Select(one => ((Reason)one.Invoke(null, [.. one.GetParameters().Select(Sample)])!,
                one.GetParameters().ToDictionary(parameter => parameter.Name!, parameter => parameter.ParameterType))),
    ];

    private static object Sample(ParameterInfo parameter) => parameter.ParameterType switch
    {
        var type when type == typeof(Reason) => (object)Within,
        var type when type == typeof(TimeSpan) => TimeSpan.FromSeconds(12),
        var type when type == typeof(long) => 12L,
        var type when type == typeof(string) => "owners, exact times",
        _ => (ReasonValue)Value,
    };

    private static string[] FormatsOf(Type type) =>
        type == typeof(Reason) ? ["reason"]
        : type == typeof(TimeSpan) ? ["seconds", "minutes"]
        : type == typeof(string) ? ["kinds"]
        : type == typeof(long) ? ["", "bytes", "number", "one"]
        : [""];
}
