import OCI

/// What an image tells runtimes and builders beside its command.
enum RuntimeInstructions {
    // Podman hands a manifest's annotations on to the runtime; crun(1), runc(8) and CRI-O go by these.
    private static let prefixes = [
        "run.oci.", "module.wasm.image/", "org.systemd.property.", "io.podman.annotations.", "io.kubernetes.cri-o.",
        "io.kubernetes.cri.", "io.katacontainers.", "dev.gvisor.", "org.criu.", "cdi.k8s.io/",
        "io.containers.trace-syscall",
    ]
    // By these containerd 2.1 and CRI-O take an image for a checkpoint: they restore its process, and start no command.
    private static let checkpoints = ["org.criu.checkpoint.", "io.kubernetes.cri-o.annotations.checkpoint."]

    /// What the annotations of a document say; `owner` is what has them.
    static func findings(_ annotations: [String: String]?, of owner: String) -> [Finding] {
        (annotations ?? [:]).sorted { $0.key < $1.key }.filter { key, _ in
            prefixes.contains { key.hasPrefix($0) }
        }.prefix(FindingList.largestCount).map { key, value in
            guard !checkpoints.contains(where: { key.hasPrefix($0) }) else {
                let words =
                    "the \(owner)'s annotation '\(key)': some engines restore a process from the image, which isn't read"
                return Finding(.notRead, words, found: key)
            }
            return Finding(
                .runtimeInstruction,
                "the \(owner)'s annotation '\(key)' is '\(value.prefix(256))'",
                found: key
            )
        }
    }

    /// What a manifest and its config say.
    static func findings(_ annotations: [String: String]?, _ execution: ImageConfig.Execution?) -> [Finding] {
        var findings = findings(annotations, of: "manifest")
        if let instructions = execution?.onBuild, let first = instructions.first {
            let rest = instructions.count == 1 ? "" : ", and \(instructions.count - 1) more"
            findings.append(
                Finding(
                    .runtimeInstruction,
                    "builds on this image carry out '\(first.prefix(256))'\(rest)",
                    found: first
                )
            )
        }
        return findings
    }
}
