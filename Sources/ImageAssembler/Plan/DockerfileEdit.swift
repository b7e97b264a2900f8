import Dockerfile

/// Writes instructions of a Dockerfile anew for a context: each platform takes its files from a directory of its own,
/// and a label says what an engine runs.
struct DockerfileEdit {
    private let dockerfile: Dockerfile
    private let bytes: [UInt8]
    private let lines: [Substring]

    init(_ dockerfile: Dockerfile, _ bytes: [UInt8]) {
        self.dockerfile = dockerfile
        self.bytes = bytes
        lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// The file with `$TARGETPLATFORM/` before some sources, `ARG TARGETPLATFORM` where a stage lacks it, and an
    /// instruction at the end of a stage.
    ///
    /// All other lines stay as they are. Throws ``PlanProblem`` for an instruction with here-documents.
    func dividing(
        _ places: Set<ContextReach.Place>,
        ending end: (stage: Int, text: String)? = nil
    ) throws(PlanProblem) -> [UInt8] {
        var edits: [(lines: ClosedRange<Int>, text: String)] = []
        guard !places.isEmpty || end != nil else { return bytes }
        for (number, stage) in dockerfile.stages.enumerated() {
            var isDeclared = false
            for instruction in stage.instructions {
                if case .arg(let definitions) = instruction.operation {
                    isDeclared = isDeclared || definitions.contains { $0.name == Self.variable }
                }
                let positions = places.filter { $0.line == instruction.lines.lowerBound }.map(\.position)
                guard !positions.isEmpty else { continue }
                let text = try rewritten(instruction, Set(positions), isDeclared: isDeclared)
                edits.append((instruction.lines, isDeclared ? text : "ARG \(Self.variable)\n" + text))
                isDeclared = true
            }
            guard let end, end.stage == number else { continue }
            let last = stage.instructions.last ?? stage.instruction
            if let edit = edits.last, edit.lines == last.lines {
                edits[edits.count - 1].text = edit.text + "\n" + end.text
            } else {
                edits.append((last.lines, text(closing: last) + "\n" + end.text))
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

    /// An instruction as it stands, or on one line where its last one says that it goes on.
    private func text(closing instruction: Instruction) -> String {
        let range = instruction.lines.lowerBound - 1..<min(instruction.lines.upperBound, lines.count)
        let written = lines[range].filter { !$0.allSatisfy(\.isWhitespace) && $0.first { !$0.isWhitespace } != "#" }
        let last = written.last?.unicodeScalars.last { !$0.properties.isWhitespace }
        return last == dockerfile.escape ? instruction.source : lines[range].joined(separator: "\n")
    }

    private static let variable = "TARGETPLATFORM"

    private func rewritten(
        _ instruction: Instruction,
        _ positions: Set<Int>,
        isDeclared: Bool
    ) throws(PlanProblem) -> String {
        let sources = instruction.operation.sources?.paths ?? []
        let paths = sources.enumerated().map { position, path in
            let path = path.drop { $0 == "/" }
            // Only the ARG was missing.
            let isMeant = ["$\(Self.variable)/", "${\(Self.variable)}/"].contains { path.hasPrefix($0) }
            if !isDeclared, isMeant { return String(path) }
            guard positions.contains(position) else { return sources[position] }
            // What stands before the pivot is not kept.
            let pivot = instruction.keepsParents && !path.contains("/./") ? "./" : ""
            return "$\(Self.variable)/" + pivot + path
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
