import ArgumentParser

/// The options that every command has.
struct OutputOptionGroup: ParsableArguments {
    @Flag(help: "Print JSON, in the shape that docs/cli.md describes.")
    var json = false

    @Flag(help: "At a terminal, show whole digests, times and paths, however wide the lines are.")
    var wide = false

    @Flag(help: "Print no warnings, remarks and progress, only results and errors.")
    var quiet = false

    @Flag(help: "Print what is done, step by step, on standard error.")
    var verbose = false

    func validate() throws {
        if quiet && verbose { throw ValidationError("--quiet and --verbose exclude each other") }
    }

    /// What the output goes by.
    var settings: Output.Settings {
        Output.Settings(isQuiet: quiet, isVerbose: verbose, isWide: wide)
    }
}
