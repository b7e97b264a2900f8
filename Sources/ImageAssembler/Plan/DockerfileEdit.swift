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
        let sources: SourcesAndDestination? =
            switch instruction.operation {
            case .copy(let copy): copy.files
            case .add(let add): add.files
            default: nil
            }
        guard let sources, sources.heredocs.isEmpty else {
            throw PlanProblem(
                lines: instruction.lines,
                instruction: instruction.keyword.rawValue,
                platforms: [],
                kind: .notRewritable(source: sources?.paths.first ?? "")
            )
        }
        let paths = sources.paths.enumerated().map { position, path in
            positions.contains(position) ? "$\(Self.variable)/" + path.drop { $0 == "/" } : path
        }
        let arguments = InstructionText(instruction.source, escape: dockerfile.escape).arguments
        let head = instruction.source.dropLast(arguments.count)
        let words = paths + [sources.destination]
        guard case .strings = JSONStringArray.read(arguments) else { return head + words.joined(separator: " ") }
        return head + "[" + words.map(Self.quoted).joined(separator: ", ") + "]"
    }

    // As JSON has it (RFC 8259, section 7).
    private static func quoted(_ word: String) -> String {
        var text = "\""
        for scalar in word.unicodeScalars {
            switch scalar {
            case "\"", "\\": text += "\\" + String(scalar)
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text + "\""
    }
}
