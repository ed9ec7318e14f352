using BackupDistribuido.Benchmarks;
using BenchmarkDotNet.Running;

// dotnet run -c Release --project bench/BackupDistribuido.Benchmarks -- --filter '*'
// dotnet run -c Release --project bench/BackupDistribuido.Benchmarks -- scale 1000
if (args is ["scale", var count])
    return await ScaleSimulation.RunAsync(int.Parse(count, System.Globalization.CultureInfo.InvariantCulture));
BenchmarkSwitcher.FromAssembly(typeof(FrameBenchmarks).Assembly).Run(args);
return 0;
