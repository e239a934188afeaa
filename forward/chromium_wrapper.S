/* CHROMIUM_WRAPPER_PATH is a script. */
	.section .rodata.chromium_wrapper, "a", %progbits
	.global chromium_wrapper
	.hidden chromium_wrapper
	.type chromium_wrapper, %object
chromium_wrapper:
	.incbin CHROMIUM_WRAPPER_PATH
	.byte 0
	.size chromium_wrapper, . - chromium_wrapper

	.section .note.GNU-stack, "", %progbits
