import Dockerfile
import OCI

/// What one source of an instruction leads to, in the build for one platform.
struct ContextReach {
    /// The instruction.
    let instruction: Instruction
    /// The name of the release that the source is in; nil for the context.
    let context: String?
    /// Which of the instruction's sources it is, from 0.
    let position: Int
    /// The source, expanded.
    let source: String
    /// The platform that is built for.
    let platform: Platform
    /// What an engine has there for the variable that divides a context; see ``DockerfileEdit/variable``.
    let variable: String?
    /// The files.
    let match: ContextNames.Match

    /// The source as it stands in the file: the same one for all platforms.
    var place: Place { Place(line: instruction.lines.lowerBound, position: position) }

    /// A source's place in the file.
    struct Place: Hashable {
        let line: Int
        let position: Int
    }
}
