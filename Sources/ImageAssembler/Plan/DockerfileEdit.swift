import Dockerfile

/// Writes instructions of a Dockerfile anew so that each platform takes its files from a directory of its own.
struct DockerfileEdit {
    private let dockerfile: Dockerfile
    private let lines: [Substring]

    init(_ dockerfile: Dockerfile, _ bytes: [UInt8]) {
        self.dockerfile = dockerfile
        lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// The file with `$TARGETPLATFORM/` before some sources, and `ARG TARGETPLATFORM` where a stage lacks it.
    ///
    /// All other lines stay as they are. Throws ``PlanProblem`` for an instruction with here-documents.
    func dividing(_ places: Set<ContextReach.Place>) throws(PlanProblem) -> [UInt8] {
        var edits: [(lines: ClosedRange<Int>, text: String)] = []
        for stage in dockerfile.stages {
            var isDeclared = false
            for instruction in stage.instructions {
                if case .arg(let definitions) = instruction.operation {
                    isDeclared = isDeclared || definitions.contains { $0.name == Self.variable }
                }
                let positions = places.filter { $0.line == instruction.lines.lowerBound }.map(\.position)
                guard !positions.isEmpty else { continue }
                let text = try rewritten(instruction, Set(positions))
                edits.append((instruction.lines, isDeclared ? text : "ARG \(Self.variable)\n" + text))
                isDeclared = true
            }
        }
        var result: [Substring] = []
        var next = 1
        for edit in edits {
            result += lines[(next - 1)..<(edit.lines.lowerBound - 1)]
            result.append(edit.text[...])
            next = edit.lines.upperBound + 1
        }
        if next <= lines.count { result += lines[(next - 1)...] }
        return Array(result.joined(separator: "\n").utf8)
    }

    private static let variable = "TARGETPLATFORM"

    private func rewritten(_ instruction: Instruction, _ positions: Set<Int>) throws(PlanProblem) -> String {
        let sources = instruction.operation.sources?.paths ?? []
        let paths = sources.enumerated().map { position, path in
            positions.contains(position) ? "$\(Self.variable)/" + path.drop { $0 == "/" } : path
        }
        guard let text = instruction.text(withSources: paths, escape: dockerfile.escape) else {
            throw PlanProblem(
                lines: instruction.lines,
                instruction: instruction.keyword.rawValue,
                platforms: [],
                kind: .notRewritable(source: sources.first ?? "")
            )
        }
        return text
    }
}
