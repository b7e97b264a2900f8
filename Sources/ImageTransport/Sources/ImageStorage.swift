import Archive
import Glibc
import SystemIO

/// The image storage of podman, buildah and CRI-O on this machine (`containers-storage:`), as one of their programs
/// reads it.
///
/// The program puts layers together by the data that the storage keeps of their archives; reading them checks them
/// against the config's diffIDs.
enum ImageStorage {
    private struct Program {
        let name: String
        let words: [String]
    }

    // The first two take a storage's own place in the reference, too: `[overlay@/graph+/run]image`.
    private static func programs(_ reference: String, to path: String) -> [Program] {
        [
            Program(
                name: "skopeo",
                words: [
                    "--insecure-policy", "copy", "--quiet", "containers-storage:\(reference)",
                    "docker-archive:\(path)",
                ]
            ),
            Program(name: "podman", words: ["save", "--quiet", "--format", "docker-archive", "-o", path, reference]),
            Program(name: "buildah", words: ["push", "--quiet", reference, "docker-archive:\(path)"]),
        ]
    }

    /// An image of the storage; its archive goes through a file.
    static func image(
        _ reference: String,
        budget: WorkBudget = WorkBudget()
    ) throws(TransportError) -> DockerArchiveSource {
        let name = "containers-storage:\(reference)"
        guard !reference.hasPrefix("-") else { throw .reference(name, rule: "a name doesn't begin with '-'") }
        let path = "\(Spool.directory)/bindery-save-\(UInt64.random(in: .min ... .max)).tar"
        defer { try? Directory.remove(path) }
        let known = programs(reference, to: path).first { ChildProcess.path(of: $0.name) != nil }
        guard let program = known else {
            throw .engine(place: name, reason: "it is read by skopeo, podman or buildah, and none of them is in PATH")
        }
        let messages = try Spool.unnamedFile()
        let status = try run(program, messages)
        guard status == 0 else {
            let message = lastLine(messages)
            if isUnknown(message) {
                let hint = "images that podman or buildah built here are called localhost/NAME"
                throw .notFound(
                    what: "image '\(reference)'",
                    place: "containers-storage, as \(program.name) reads it: \(hint)"
                )
            }
            throw .engine(place: name, reason: "\(program.name) ends with status \(status): \(message)")
        }
        let archive = try SharedFile.open(path, what: "what \(program.name) saves", place: name)
        budget.earn(try archive.size)
        budget.stopEarning()
        return try DockerArchiveSource(
            TarIndex(archive, path: name, budget: budget),
            reference: nil,
            name: name,
            budget: budget
        )
    }

    // In the words of containers/storage and of podman: no status tells.
    private static func isUnknown(_ message: String) -> Bool {
        ["does not resolve to an image ID", "identifier is not an image", "image not known", "no such image"]
            .contains { message.contains($0) }
    }

    private static func run(_ program: Program, _ messages: borrowing File) throws(TransportError) -> CInt {
        do {
            return try ChildProcess(
                program.name,
                program.words,
                streams: [STDOUT_FILENO, STDERR_FILENO].map { ($0, messages.descriptor) }
            ).wait()
        } catch {
            throw .system(error)
        }
    }

    private static func lastLine(_ file: borrowing File) -> String {
        let buffer = ReadBuffer()
        let count = (try? file.read(into: buffer.bytes, at: 0)) ?? 0
        let text = String(decoding: buffer.prefix(count), as: UTF8.self)
        return text.split(whereSeparator: \.isNewline).last.map(String.init) ?? "it says nothing"
    }
}
