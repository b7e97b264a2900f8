import Dockerfile
import OCI

extension StageBuild {
    /// `RUN`, where all its commands only place or change files (docs/run.md).
    mutating func run(_ form: CommandForm) throws(PlanProblem.Kind) {
        guard platform.derivation >= BaseDerivation.latest else {
            throw .runs(.circumstances("the first derivation carries out no RUN: leave --derivation out"))
        }
        var run = RunExecution(
            tree: StageTree(),
            epoch: platform.epoch,
            directory: StageTree.clean(state.execution.workingDir ?? ""),
            searchPath: (state.scope.variables["PATH"] ?? StageState.standardPath).split(separator: ":").map(
                String.init
            ),
            loginShell: state.scope.variables["SHELL"],
            inputs: platform.inputs
        )
        run.variables = state.scope.variables
        // Taken out rather than copied: instructions may have placed tens of thousands of files.
        swap(&run.tree, &state.tree)
        do throws(RunRefusal) {
            guard ["", "root", "0", "root:root", "0:0", "root:0", "0:root"].contains(state.execution.user ?? "") else {
                throw .circumstances("only root's commands are carried out: put RUN before USER")
            }
            try carryOut(form, in: &run)
        } catch {
            // What follows is looked at, too.
            swap(&run.tree, &state.tree)
            throw .runs(error)
        }
        swap(&run.tree, &state.tree)
        state.needsSecondDerivation = true
        commit("RUN " + state.words(form).joined(separator: " "))
    }

    private func carryOut(_ form: CommandForm, in run: inout RunExecution) throws(RunRefusal) {
        guard let text = form.shellLine else {
            guard case .exec(let words) = form, let name = words.first else {
                throw .form("RUN", reason: "its list is empty")
            }
            guard try run.run(name, words) == 0 else {
                throw .fails(name, reason: "it ends with a status that isn't 0")
            }
            return
        }
        let line: ShellLine
        do { line = try ShellLine(parsing: text) } catch { throw RunRefusal(error) }
        var shell = state.execution.shell ?? ["/bin/sh", "-c"]
        if case .exec(let words) = form { shell = Array(words.dropLast()) }
        try run.start(shell)
        if run.variables["HOME"] == nil { run.variables["HOME"] = run.homeOfRoot }
        try run.run(line)
    }
}
