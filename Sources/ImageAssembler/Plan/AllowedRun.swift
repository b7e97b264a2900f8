import Dockerfile
import OCI
import Release

/// How an image says that an engine ran or fetched something while it was built: by a label.
enum AllowedRun {
    /// The instruction that labels an image with the lines that need an engine; nil where none does.
    static func label(of problems: [PlanProblem]) -> String? {
        let lines = problems.filter(\.kind.needsEngine).map(\.lines)
        return lines.isEmpty ? nil : "LABEL \(Annotation.allowedRun)=\"\(text(lines))\""
    }

    /// Lines as a label has them, each once: `3,5-7`.
    private static func text(_ lines: [ClosedRange<Int>]) -> String {
        var seen: Set<ClosedRange<Int>> = []
        let texts = lines.filter { seen.insert($0).inserted }.map { range in
            range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)"
        }
        return texts.joined(separator: ",")
    }
}
