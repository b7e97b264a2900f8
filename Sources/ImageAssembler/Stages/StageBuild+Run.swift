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
        let variables = state.scope.variables
        // Taken out rather than copied: instructions may have placed tens of thousands of files.
        swap(&run.tree, &state.tree)
        do throws(RunRefusal) {
            guard ["", "root", "0", "root:root", "0:0", "root:0", "0:root"].contains(state.execution.user ?? "") else {
                throw .circumstances("only root's commands are carried out: put RUN before USER")
            }
            guard [nil, ["/bin/sh", "-c"]].contains(state.execution.shell) else {
                throw .circumstances("SHELL isn't /bin/sh -c")
            }
            if let text = form.shellLine {
                let line: ShellLine
                do { line = try ShellLine(parsing: text, variables: variables) } catch { throw RunRefusal(error) }
                try run.run(line)
            } else if case .exec(let words) = form {
                try run.run(ShellLine.Command(words: words), inShell: false)
            }
        } catch {
            throw .runs(error)
        }
        swap(&run.tree, &state.tree)
        state.needsSecondDerivation = true
        commit("RUN " + state.words(form).joined(separator: " "))
    }
}
