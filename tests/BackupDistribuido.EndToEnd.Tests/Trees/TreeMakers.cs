namespace BackupDistribuido.EndToEnd.Tests.Trees;

/// <summary>Trees to copy.</summary>
internal static class TreeMakers
{
    /// <summary>A limit that a large tree of 128 MiB takes 4 s with, however fast the machine is: time to hear of its
    /// first file and to do something to a node before its last.</summary>
    public const string LongEnough = "32MB/s";

    /// <summary>A few files, a link and an empty directory.</summary>
    public static string SmallTree(this TemporaryFolder folder, string name = "source")
    {
        folder.Do($"""
            mkdir -p {name}/sub/empty
            echo one > {name}/one
            echo two > {name}/sub/two
            : > {name}/sub/nothing
            ln -s sub/two {name}/link
            """);
        return folder[name];
    }

    /// <summary>Many small files and some large ones of random bytes, enough that a copy takes a moment: about
    /// <paramref name="mebibytes"/> MiB.</summary>
    public static string LargeTree(this TemporaryFolder folder, int mebibytes, string name = "large")
    {
        folder.Do($"""
            mkdir -p {name}/small
            head -c 2000000 /dev/urandom | split -b 2000 -a 4 - {name}/small/f
            for i in $(seq {mebibytes / 16}); do head -c 16777216 /dev/urandom > {name}/big$i; done
            """);
        return folder[name];
    }

    /// <summary>2,000 files of up to 8 KiB of random bytes in 20 directories, each with a symbolic link, a hard link
    /// and an empty file: about 8 MiB.</summary>
    public static string TwoThousandFiles(this TemporaryFolder folder, string name = "many")
    {
        folder.Do($$"""
            for d in {1..20}; do
                mkdir -p {{name}}/d$d
                ln -s f1 {{name}}/d$d/link
                : > {{name}}/d$d/f0
                for f in {1..99}; do head -c $((RANDOM % 8192 + 1)) /dev/urandom > {{name}}/d$d/f$f; done
                ln {{name}}/d$d/f2 {{name}}/d$d/second
            done
            """);
        return folder[name];
    }

    /// <summary>The same, with a named pipe, a file with a hole and, where they can be had, extended attributes in each
    /// directory.</summary>
    public static string TwoThousandOfEveryKind(this TemporaryFolder folder, string name = "many")
    {
        folder.TwoThousandFiles(name);
        folder.Do($$"""
            for d in {{name}}/d*; do
                mkfifo $d/{{Replica.Pipe}}
                truncate -s 600K $d/f3; echo end >> $d/f3
                setfattr -n user.number -v ${d##*d} $d/f4 $d || true
            done
            """);
        return folder[name];
    }

    /// <summary>What file systems allow and few programs expect: names of any bytes, the longest ones, paths past 4,096
    /// bytes, odd modes, times and links.</summary>
    public static string HardTree(this TemporaryFolder folder, string name = "hard")
    {
        folder.Do($$"""
            mkdir {{name}}
            (
            cd {{name}}
            echo a > $'not-utf8-\xff\xfe'
            mkdir $'dir-\xc3\x28'
            echo b > $'dir-\xc3\x28/inner-\x80'
            echo c > $'new\nline'
            echo d > $'tab\tand "quotes" \\ % space '
            echo e > '-dash'
            mkdir 'Ünïcode-目录'
            echo f > 'Ünïcode-目录/ı-İ'
            echo g > "$(printf 'n%.0s' {1..255})"
            mkdir -p empty/inside-empty
            : > no-bytes
            echo mode > mode; chmod 0640 mode
            mkdir closed; echo in > closed/in; chmod 0444 closed/in; touch -d '2001-02-03 04:05:06.123456789 UTC' closed; chmod 0555 closed
            ln -s 'no/such/target' dangling
            ln -s $'bytes-\xff' link-of-bytes
            ln -s .. up
            touch -h -d '2003-03-03 03:03:03.333333333 UTC' dangling up
            touch -d '1999-12-31 23:59:59.987654321 UTC' mode
            touch -d '1969-07-20 20:17:40.5 UTC' no-bytes
            head -c 3000000 /dev/urandom > three-megabytes
            truncate -s 1M sparse
            d=deep; for i in {1..2000}; do d=$d/d; done; mkdir -p $d; echo deep > $d/f
            n=$(printf 'd%.0s' {1..200})
            for i in {1..25}; do mkdir $n; cd $n; done
            echo deep > f
            )
            touch -d '2010-10-10 10:10:10.101010101 UTC' {{name}}
            """);
        return folder[name];
    }
}
