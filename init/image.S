/* INIT_IMAGE_PATH is the program that CMakeLists.txt builds. */
	.section .rodata.init_image, "a", %progbits
	.balign 16
	.global init_image_start
	.hidden init_image_start
	.type init_image_start, %object
init_image_start:
	.incbin INIT_IMAGE_PATH
	.size init_image_start, . - init_image_start
	.global init_image_end
	.hidden init_image_end
	.type init_image_end, %object
init_image_end:
	.byte 0
	.size init_image_end, 1

	.section .note.GNU-stack, "", %progbits
