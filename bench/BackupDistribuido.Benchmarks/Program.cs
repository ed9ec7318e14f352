using BenchmarkDotNet.Running;

// dotnet run -c Release --project bench/BackupDistribuido.Benchmarks -- --filter '*'
BenchmarkSwitcher.FromAssembly(typeof(BackupDistribuido.Benchmarks.FrameBenchmarks).Assembly).Run(args);
