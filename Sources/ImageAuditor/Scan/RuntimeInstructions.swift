import OCI

/// What an image tells runtimes and builders beside its command.
enum RuntimeInstructions {
    // Podman hands a manifest's annotations on to the runtime; crun(1), runc(8) and CRI-O go by these.
    private static let prefixes = [
        "run.oci.", "module.wasm.image/", "org.systemd.property.", "io.podman.annotations.", "io.kubernetes.cri-o.",
        "io.katacontainers.", "dev.gvisor.",
    ]

    static func findings(_ annotations: [String: String], _ execution: ImageConfig.Execution?) -> [Finding] {
        var findings = annotations.sorted { $0.key < $1.key }.filter { key, _ in
            prefixes.contains { key.hasPrefix($0) }
        }.prefix(FindingList.largestCount).map { key, value in
            Finding(.runtimeInstruction, "the manifest's annotation '\(key)' is '\(value.prefix(256))'", found: key)
        }
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
