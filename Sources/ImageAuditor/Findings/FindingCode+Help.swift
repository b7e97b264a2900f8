extension FindingCode {
    /// What it means, why it matters, and what to do: for `bindery explain`.
    package var help: String {
        switch self {
        case .damaged:
            "A document or layer of the image doesn't have the digest or size that its descriptor, or the config's "
                + "diffID, promises, or its archive or compression is damaged. Nothing can be said of such an image: "
                + "fetch it again, and if that doesn't help, don't use it."
        case .layerCount:
            "Config and manifest list different numbers of layers, or one of them can't be read. Engines refuse such an "
                + "image or run something else than what was audited."
        case .compression:
            "The layer's bytes are compressed otherwise than its media type says. Engines look at the bytes, as the "
                + "audit did, but other tools may not be able to read the layer."
        case .trailer:
            "Bytes follow the two blocks of zeros that end the layer's archive. Engines stop at the zeros; readers that "
                + "go on behind them, as some do, unpack what is there. Build the layer again."
        case .globalHeader:
            "A global PAX header sets a path, link target or size. Container engines pass global headers over, other "
                + "tar programs honour them and see other files than a container does."
        case .limit:
            "The image's uncompressed size, or its number of files, is beyond what the audit reads; it may be a "
                + "decompression bomb. Raise the limit with --max-size if the image is honest."
        case .configMember:
            "A member of the image's config is written in other letter case than the specification's. Docker reads it "
                + "all the same, other tools don't: the image may run differently from what they show."
        case .ambiguousDocument:
            "A JSON document of the image has a member twice, or a known member in other letter case, or is two kinds of "
                + "document at once. Engines and tools differ in which one they take, so nothing can be said of what "
                + "runs. Build the image again with a tool that writes each member once."
        case .ambiguousContainer:
            "The archive or the index offers several answers to the same question: a name twice, two lists that "
                + "disagree, a link that something replaces. Engines and tools differ in which one they take. Save the "
                + "image again."
        case .readingsDiffer:
            "Engines that unpack each layer into a directory of its own and stack them see other files than engines that "
                + "unpack all layers into one: the message gives both. Build the image again so that no layer writes "
                + "through what a lower one made a link or a file."
        case .reservedAttribute:
            "An entry has an extended attribute that an overlay file system obeys: the kernel's (trusted.* or "
                + "user.overlay.*) or fuse-overlayfs (user.fuseoverlayfs.*, security.fuseoverlayfs.*, user.containers.*). "
                + "Engines without it, and those that drop the attribute, show other files."
        case .notRead:
            "Part of the image that an engine would use wasn't looked at: a limit was spent, or a part isn't there. The "
                + "message says which, and how to raise the limit."
        case .tableOfContents:
            "The layer brings a table of contents from which some engines make files without reading the archive, and it "
                + "says something else than the archive has."
        case .passedOver:
            "The index or archive names members that no engine runs: they are neither images nor for a platform, or they "
                + "aren't in the archive that names them. The verdict doesn't speak of them."
        case .duplicate:
            "A layer has two entries for one name. The last one is what a container sees, and what is evaluated; other "
                + "tools may show the first."
        case .outside:
            "An entry's path leads out of the image's root by '..'. Engines refuse the image; whoever unpacks it "
                + "carelessly overwrites files of the host."
        case .refused:
            "An entry can't be applied: its parent is not a directory, its hard link's target isn't there, or no engine knows "
                + "its type. Some engines refuse the whole image, others leave the entry out."
        case .whiteout:
            "A name that begins with .wh. removes a file of a lower layer; this one has content, names nothing, or "
                + "removes what its own layer has. Engines differ in what they make of it."
        case .engineMetadata:
            "A layer has things in a directory, and no entry for the directory itself, to which a lower layer gave another "
                + "mode or owner than 755 and root's: Docker's overlay2 shows 755 and root, other engines keep it. Or a hard "
                + "link's entry has fewer permissions than its file's: most engines take the link's for both names, umoci "
                + "the file's. Build the layer with an entry for each directory, and with the file's mode on each of its "
                + "names."
        case .otherBytes:
            "A program stands under the name of a released one, and its bytes are those of no release. Either it was "
                + "built a second time instead of being taken from the store, or it was changed. Build the image from "
                + "the released file: bindery context, or bindery build."
        case .shadowed:
            "A lower layer brings a released file, and a later layer puts other bytes in its place: the container runs "
                + "the later one. Leave out the layer that replaces it, or expect its release with --expect."
        case .removed:
            "A lower layer brings a released file and a later one removes it: the container doesn't see it, though it "
                + "is still shipped."
        case .wrongPlatform:
            "A released file stands in an image for another platform than the file's. Usually a COPY without "
                + "${TARGETARCH}, or a context with exchanged files."
        case .mixedReleases:
            "The image has files of several releases of one name. Bind one release, or several names."
        case .missing:
            "A file of the release that --expect or the policy names isn't in the image, or not at any effective path."
        case .otherRelease:
            "The image holds a release of the expected name, in another version."
        case .altered:
            "A file has the build-id or the code of a released one, but other bytes: symbols were stripped, a section "
                + "was added, a signature or note was changed, or the file was patched. The message says which "
                + "sections differ. Ship the released bytes as they are."
        case .further:
            "Files that are neither released nor part of a known base. --exact makes them a failure; name the base with "
                + "--base to leave out what it brings."
        case .notExecutable:
            "A released program has no executable bit in the image, so that it can't be started. Use COPY --chmod=755."
        case .setID:
            "A file runs with its owner's or group's rights, whoever starts it."
        case .capability:
            "A file has the extended attribute security.capability: whoever starts it gains rights."
        case .device:
            "A layer brings a device node. Engines make devices themselves; with the numbers 0, 0 it also removes files "
                + "of lower layers on overlay file systems."
        case .preload:
            "LD_PRELOAD or LD_AUDIT in the config's Env makes the dynamic linker load a library into every program "
                + "before its own: a released program no longer does what it was released to do."
        case .preloadFile:
            "/etc/ld.so.preload makes the dynamic linker load a library into every program before its own."
        case .libraryPath:
            "LD_LIBRARY_PATH in the config's Env changes where every program's libraries are found."
        case .baseChanged:
            "A later layer replaces or removes a file of the known base, or gives one of its directories another mode, owner or "
                + "attribute, so that the base isn't untouched."
        case .otherBuild:
            "A program is built from the same Go package as a released one, but it is another build: the message says of "
                + "which version and revision. Ship the released bytes instead of building twice."
        case .packed:
            "A program is packed by UPX, so that its code can't be compared with that of released ones. Its unpacked "
                + "size may tell which one it was. Unpack it by upx -d and ask bindery identify."
        case .falseClaim:
            "The recipe in a layer's annotation, a bindery-context.json in the image, or the annotations "
                + "org.opencontainers.image.title and version name another release, or other bytes, than those that "
                + "are there. The bytes decide the verdict; whoever made the image relied on something untrue, or "
                + "wants others to."
        case .noEntrypoint:
            "The config has neither Entrypoint nor Cmd. The image can't be started without naming a program."
        case .entrypointMissing:
            "What the config runs isn't in the image, or a symbolic link on the way leads nowhere or in a circle."
        case .entrypointUnknown:
            "What the config runs, or the script behind it, is not a released file. What is released in the image is not "
                + "what is started first."
        case .entrypointNotExecutable:
            "What the config runs is a directory, has no executable bit, or is neither an ELF program nor a script with #!: "
                + "the kernel refuses to start it."
        case .interpreterMissing:
            "The program that the kernel starts in the file's stead (the ELF interpreter, or the one after #!) isn't in "
                + "the image: starting it fails with 'no such file or directory'."
        case .interpreterUnknown:
            "The program that the kernel starts in the file's stead is neither released nor part of a known base."
        case .libraryMissing:
            "A library that the program needs is found in none of the directories that the dynamic linker looks into."
        case .libraryUnknown:
            "A library that the program loads is neither released nor part of a known base."
        case .entrypointNotFollowed:
            "The image is for another system than Linux. Its files are compared by their bytes; what the config runs and which "
                + "libraries that loads follows rules that aren't read here."
        case .platformClaim:
            "The index offers the image for another platform than its own config says."
        case .machine:
            "A program's ELF header is for another machine than the image's platform: it can't run there."
        case .releasesDiffer:
            "A multi-platform image must hold one release on all platforms; these hold different ones."
        case .platformMissing:
            "The release has an artifact for a platform that the index has no image for."
        case .platformExtra:
            "The index has an image in which nothing is of the release that the other platforms hold."
        case .platformTwice:
            "Two images of the index are for the same platform; engines take the first."
        case .policy:
            "The image doesn't meet a rule of the policy file. The message names the rule."
        case .withdrawn:
            "A file was released, and its release was removed by bindery rm: the message says when and why. The verdict "
                + "is as if the release were there, and the image is refused all the same. Build it with another "
                + "release; or, if the removal was a mistake, put the same bytes again."
        case .expired:
            "A file was released, and its release was removed by a retention policy, as too old to be kept, or by bindery rm "
                + "--harmless. Nothing is wrong with it, and the verdict is as if the release were there."
        case .allowedRun:
            "The image was built from a context that bindery context --allow-run made: by the lines that its label names, "
                + "the engine ran commands or fetched files. The label is evidence, not proof: its absence says nothing, "
                + "and the verdict is about the bytes."
        case .draft:
            "The image was made by bindery build --draft, or from a context of bindery context --draft, of releases that "
                + "weren't sealed then: its annotation or label names them. Once they are sealed, the bytes decide, and this "
                + "is a note; until then no release explains them. Build it again of the sealed release."
        case .archived:
            "No release has the file by itself, and an archive that is released holds the same bytes: the message says "
                + "which, and where. It says where the file comes from, and doesn't change the verdict; "
                + "bindery put --unpack releases the files of an archive."
        case .revoked:
            "The image, or a file of it, was marked by bindery revoke: the message says when and why. The verdict is as if "
                + "it weren't. Build the image with a later release; bindery where lists the other images that hold it."
        case .denied:
            "The image, or a file of it, was marked by bindery revoke --deny: the message says when and why. The verdict is "
                + "as if it weren't, and the image is refused all the same, by gates too. Build the image with a later "
                + "release; where the mark was a mistake, bindery revoke --lift says so in the log."
        case .userUnknown:
            "The config's User is a name that the image's /etc/passwd doesn't have, or a group that /etc/group doesn't: engines "
                + "look both up in the image and refuse to start it. Add the name, or give numbers: USER 65534:65534."
        case .unclearCommand:
            "For the first word of the command, or for what loads or interprets a program, one engine takes another file than the "
                + "next: a directory of the PATH isn't "
                + "absolute, the user can't enter it, or engines mount over it (/proc, /dev, /sys, /run), and another one has "
                + "a different file of that name. Give the program's whole path as the entrypoint."
        case .shellText:
            "The config gives a shell a text (sh -c) that may run more than the released file that it names: another command, a "
                + "pipe, a substitution, PATH or LD_… set in it. The text is the config's, and nobody released it. Make the "
                + "program the entrypoint itself, in the exec form, or release a script and start that."
        case .healthCheckUnknown:
            "Docker and Podman run the config's Healthcheck again and again inside the container, as its user; other engines "
                + "ignore it. What it starts is not a released file, or a shell's text that does more than start one. Let "
                + "a released program check itself: HEALTHCHECK CMD [\"/agent\", \"--probe\"]."
        case .environmentCode:
            "Shells, interpreters or the C library run what this variable holds, or load code from where it leads, before "
                + "the program's own code. It matters only to programs that read it. Leave it out of the image, or set "
                + "it where the container is started."
        case .runtimeInstruction:
            "An annotation of the manifest tells a runtime to start the program in another way (podman hands annotations on, and "
                + "crun goes by them: another handler, hooks, unit properties), or the config has OnBuild instructions, which "
                + "whoever builds on the image runs. Leave them out, or give annotations where the container is started."
        case .otherName:
            "Each of the two is released, and what is at this path is one of them under the other's name. Whoever starts it by "
                + "that name gets another program. Put each released program under its own name."
        case .leftOut:
            "The directory has a socket, for which archives and layers have no type: it is left out, as docker export leaves it "
                + "out. It has no content, and the program that listens on it makes it. There is nothing to do."
        case .unattested:
            "bindery audit --require-attestation asked for a signed statement of this type, and none counts: the message says "
                + "why the first one doesn't. Sign the image where it is built (bindery build --attest), trust the key "
                + "(bindery key trust), or give the bundle (--attestation FILE). The verdict is about the bytes, and stays."
        case .vulnerable:
            "bindery audit --osv compared the image with advisories, and one of them covers this version of a package, "
                + "or of a module that a program was built from. Take the fixed version, release and build again. The "
                + "verdict is about the bytes, and stays."
        case .notCompared:
            "bindery audit --osv can't tell whether this is affected: the advisories are about other ecosystems or "
                + "give no version to compare with, or the program doesn't say what it was built from. Give advisories of "
                + "that ecosystem, build programs that say it (Go's do; cargo auditable for Rust), or accept it with "
                + "--partial."
        }
    }
}
