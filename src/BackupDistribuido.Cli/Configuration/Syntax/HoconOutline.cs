using System.Text;

namespace BackupDistribuido.Cli.Configuration.Syntax;

/// <summary>
/// Scans a HOCON text for the line of each key and for syntax errors. Akka's parser, which reads the values, has no
/// positions and silently accepts unclosed braces, missing values and stray text; a substitution that names itself
/// overflows its stack, so substitutions, <c>include</c> and <c>+=</c> are refused here. The grammar:
/// https://github.com/lightbend/config/blob/main/HOCON.md.
/// </summary>
internal sealed class HoconOutline
{
    private const string Forbidden = "$\"{}[]:=,+#`^?!@*&\\";
    private const int MaxDepth = 64;

    private readonly string _text;
    private readonly List<HoconKey> _keys = [];
    private readonly char[] _withoutCommas;
    private int _at;
    private int _line = 1;
    private int _depth;
    private int _arrays;

    private HoconOutline(string text) => (_text, _withoutCommas) = (text, text.ToCharArray());

    /// <summary>The keys in the order of the text; elements of arrays have none.</summary>
    public IReadOnlyList<HoconKey> Keys => _keys;

    /// <summary>
    /// The text with line ends instead of the commas between keys: Akka's parser fails on a comma after a closing
    /// brace.
    /// </summary>
    public string WithoutCommas => new(_withoutCommas);

    /// <summary>Reads a text.</summary>
    /// <exception cref="HoconSyntaxException">It is broken.</exception>
    public static HoconOutline Read(string text)
    {
        var outline = new HoconOutline(text);
        outline.Root();
        return outline;
    }

    private char Next => _at < _text.Length ? _text[_at] : '\0';

    private bool AtEnd => _at >= _text.Length;

    private void Root()
    {
        SkipToContent();
        if (Next == '{')
        {
            Object("");
            SkipToContent();
        }
        else
        {
            Members("", opened: null);
        }
        if (!AtEnd)
            throw Broken(Next == '}'
                ? "'}' without a '{' before it" : $"nothing may follow the closing '}}', but '{Next}' does");
    }

    private void Object(string path)
    {
        var opened = _line;
        if (++_depth > MaxDepth) throw Broken($"more than {MaxDepth} levels of braces");
        Take();
        var before = _keys.Count;
        Members(path, opened);
        if (AtEnd) throw new HoconSyntaxException(opened, "this '{' is never closed");
        Take();
        _depth--;
        if (_keys.Count == before && path.Length > 0 && _arrays == 0) _keys.Add(new HoconKey(path + ".{}", opened));
    }

    private void Members(string path, int? opened)
    {
        while (true)
        {
            SkipToContent(commas: true);
            if (AtEnd || Next == '}') return;
            Member(path, opened);
        }
    }

    private void Member(string path, int? opened)
    {
        var line = _line;
        var key = Key();
        if (key == "include" && Next == '"')
            throw new HoconSyntaxException(line, "include is not supported: put everything into one file");
        var full = path.Length == 0 ? key : $"{path}.{key}";
        SkipToContent();
        switch (Next)
        {
            case '{':
                Object(full);
                return;
            case '=' or ':':
                Take();
                Value(full, line);
                return;
            case '+':
                throw new HoconSyntaxException(line, "'+=' is not supported: write the whole array");
            default:
                throw new HoconSyntaxException(line,
                    opened is null || !AtEnd
                        ? $"after the key '{key}' comes '=' or '{{'" : $"the key '{key}' has no value");
        }
    }

    private string Key()
    {
        var key = new StringBuilder();
        while (true)
        {
            if (Next == '"')
            {
                // A dot inside quotes belongs to the name: it stays quoted, so that it isn't read as a path separator.
                var name = Quoted();
                key.Append(name.Contains('.') ? $"\"{name}\"" : name);
            }
            else
            {
                var start = _at;
                while (!AtEnd && Next is not ('.' or '\n') && !Forbidden.Contains(Next) && !IsComment) Take();
                var name = _text[start.._at].Trim().ReplaceLineEndings(" ");
                if (name.Length == 0)
                    throw Broken(AtEnd || Next == '\n' ? "a key is missing" : $"a key can't begin with '{Next}'");
                key.Append(name);
            }
            SkipBlanks();
            if (Next != '.') return key.ToString();
            key.Append('.');
            Take();
        }
    }

    private void Value(string path, int line)
    {
        SkipToContent();
        var any = false;
        var isObject = false;
        var isList = Next == '[';
        while (!AtEnd && Next is not ('\n' or ',' or '}' or ']') && !IsComment)
        {
            any = true;
            switch (Next)
            {
                case '{':
                    isObject = true;
                    Object(path);
                    break;
                case '[':
                    Array(line);
                    break;
                case '"':
                    Quoted();
                    break;
                case '$':
                    throw Broken("substitutions (${…}) are not supported: write the value itself");
                case var c when Forbidden.Contains(c):
                    throw Broken($"a value with '{c}' needs double quotes around it");
                default:
                    Take();
                    break;
            }
            SkipBlanks();
        }
        if (!any)
            throw new HoconSyntaxException(line,
                path.Length == 0 ? "an array's element is missing" : $"the key '{path}' has no value");
        if (!isObject && _arrays == 0) _keys.Add(new HoconKey(path, line, isList));
    }

    private void Array(int line)
    {
        var opened = _line;
        if (++_depth > MaxDepth) throw Broken($"more than {MaxDepth} levels of brackets");
        Take();
        _arrays++;
        while (true)
        {
            SkipToContent(commas: true);
            if (AtEnd || Next == '}') throw new HoconSyntaxException(opened, "this '[' is never closed");
            if (Next == ']') break;
            Value("", line);
        }
        Take();
        _arrays--;
        _depth--;
    }

    private string Quoted()
    {
        var opened = _line;
        var quote = string.CompareOrdinal(_text, _at, "\"\"\"", 0, 3) == 0 ? "\"\"\"" : "\"";
        for (var i = 0; i < quote.Length; i++) Take();
        var start = _at;
        while (string.CompareOrdinal(_text, _at, quote, 0, quote.Length) != 0)
        {
            if (AtEnd || (quote.Length == 1 && Next == '\n'))
                throw new HoconSyntaxException(opened, "this '\"' is never closed");
            if (Next == '\\')
            {
                Take();
                if (!"\"\\/bfnrtu".Contains(Next))
                    throw Broken($"'\\{(Next < ' ' ? "" : Next)}' is no escape; write a backslash as \\\\");
                if (Next == 'u'
                    && !(_at + 4 < _text.Length
                        && _text.AsSpan(_at + 1, 4).IndexOfAnyExcept("0123456789abcdefABCDEF") < 0))
                    throw Broken("\\u needs four hex digits");
            }
            Take();
        }
        var text = _text[start.._at];
        for (var i = 0; i < quote.Length; i++) Take();
        return text;
    }

    private bool IsComment => Next == '#' || (Next == '/' && _at + 1 < _text.Length && _text[_at + 1] == '/');

    private void SkipBlanks()
    {
        while (Next is ' ' or '\t' or '\r') Take();
    }

    private void SkipToContent(bool commas = false)
    {
        while (!AtEnd)
        {
            if (IsComment)
            {
                while (!AtEnd && Next != '\n') Take();
            }
            else if (char.IsWhiteSpace(Next) || Next == '\uFEFF' || (commas && Next == ','))
            {
                if (Next == ',' && _arrays == 0) _withoutCommas[_at] = '\n';
                Take();
            }
            else
            {
                return;
            }
        }
    }

    private void Take()
    {
        if (Next == '\n') _line++;
        _at++;
    }

    private HoconSyntaxException Broken(string what) => new(_line, what);
}
