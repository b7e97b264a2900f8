import ArgumentParser

/// A command of this program: what all have in common.
protocol BinderyCommand: ParsableCommand {
    /// How results and messages are shown.
    var output: OutputOptionGroup { get }
}

/// A command that works on a store.
protocol StoreCommand: BinderyCommand {
    var options: StoreOptionGroup { get }
}

/// A command that takes the project file of its work tree; the others take only one that `--project` names.
protocol ProjectCommand: StoreCommand {}

extension StoreCommand {
    var output: OutputOptionGroup { options.output }
}
